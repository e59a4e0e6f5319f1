# broken: who closes first cannot remove any more
s/^    if (epoll_ctl(epoll, EPOLL_CTL_DEL, gone\[0\], NULL) == -1)/    close(gone[0]);\n&/
