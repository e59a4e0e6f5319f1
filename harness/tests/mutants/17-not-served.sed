# broken: the other customer is not heard
s/^    while (serve(epoll) != here\[0\])/    while (fcntl(epoll, F_GETFD) == -1)/
