# broken: one number is left out
s/syscall(SYS_close_range, first, ~0U/syscall(SYS_close_range, first + 1, ~0U/
