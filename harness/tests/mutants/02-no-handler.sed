# broken: the server leaves its file behind
s/^    if (atexit(remove_file) != 0)/    if (access(path, F_OK) == -1)/
s/^static void remove_file/static inline void remove_file/
