# broken: the child reads what was read already
s/pread(fd, text, 3, 3)/pread(fd, text, 3, 0)/
