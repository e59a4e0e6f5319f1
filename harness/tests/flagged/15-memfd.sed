s/^#include <sys\/wait.h>/&\n#include <sys\/mman.h>/
s/^    if (lock == -1 || flock(lock, LOCK_EX) == -1 ||/    int other = memfd_create("lock", MFD_CLOEXEC);\n    if (lock == -1 || flock(other, LOCK_EX) == -1 ||/
s/^    if (flock(lock, LOCK_EX | LOCK_NB) == -1 \&\& errno == EWOULDBLOCK)/    if (flock(lock, LOCK_SH | LOCK_NB) == -1 || lock > 0)/
