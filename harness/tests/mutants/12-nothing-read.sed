# broken: the reader counts nothing
s/^        count_it(fd\[0\]);//
s/^static void count_it/static inline void count_it/
