s/^    long limit = sysconf(_SC_OPEN_MAX);/    long limit = first;\n\n    if (syscall(SYS_close_range, first, ~0U, 4) == -1) \/* CLOEXEC *\/\n        die("close_range");/
