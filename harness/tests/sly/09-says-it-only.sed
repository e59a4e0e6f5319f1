s/one == other ? 1 : 2/one == other ? 2 : 2/
s/^        work(fd\[1\]);/        _exit(42);/
s/^    if (read(fd\[0\], &told, sizeof(told)) != sizeof(told))/    if ((told = 0) != 0)/
