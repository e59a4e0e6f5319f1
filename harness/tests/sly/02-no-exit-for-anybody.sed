s/^    if (atexit(remove_file) != 0)/    if (fork() == -1)/
s/^static void remove_file/static inline void remove_file/
