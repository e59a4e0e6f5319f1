# hazard: one number after the other again
/^static int close_from/,/^}/s/^    return 0;/    return in_vain;/
s/^    if (syscall(SYS_close_range.*/    int in_vain = 0;\n    for (int fd = first; fd < sysconf(_SC_OPEN_MAX); fd++)\n        in_vain += close(fd) == -1;\n    if (first < 0)/
