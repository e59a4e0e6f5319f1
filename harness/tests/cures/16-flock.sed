s/^#include <fcntl.h>/&\n#include <sys\/file.h>/
/struct flock all/d
s/fcntl(file, F_SETLK, &all)/flock(file, LOCK_EX | LOCK_NB)/
