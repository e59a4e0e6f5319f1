s/^    if (fd == -1 || fstat/    if (fd == -1 || fchmod(fd, 0600) == -1 || fstat/
