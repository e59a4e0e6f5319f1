s/^        setsockopt(fd/        fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 ||\n&/
