# broken: the worker does not leave by itself
s/_exit(42)/raise(9)/
s/^#include <fcntl.h>/&\n#include <signal.h>/
