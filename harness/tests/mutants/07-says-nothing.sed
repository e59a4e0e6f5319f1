# broken: nobody learns that there is no worker
s/^        show("child: fork: %s", strerror(errno));/        (void)errno;/
