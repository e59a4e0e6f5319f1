s/^    _exit(42);/    at_quick_exit(__gcov_dump);\n    quick_exit(42);/
s/^#include <sys\/wait.h>/&\n\nvoid __gcov_dump(void);/
