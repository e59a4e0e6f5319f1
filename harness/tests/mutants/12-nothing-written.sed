# broken: no line comes through the pipe
s/^        write_it(fd\[1\], lines);//
s/^static void write_it/static inline void write_it/
