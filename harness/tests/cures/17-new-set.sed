s/^    close(gone\[0\]);/&\n    close(epoll);\n    epoll = epoll_create1(EPOLL_CLOEXEC);\n    watch(epoll, here[0]);/
