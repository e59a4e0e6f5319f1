s/^    if (worker == -1)$/    int error = errno;\n    int pidfd = (int)syscall(SYS_pidfd_open, worker, 0);\n    errno = error;\n    if (pidfd == -1)/
s/^    if (kill(worker, SIGTERM) == -1)/    if (pidfd != -1 \&\& syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0) == -1)/
