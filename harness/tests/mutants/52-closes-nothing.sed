# broken: cat has the file, too
s/syscall(SYS_close_range, first, ~0U, 0) == -1/first < 0/
