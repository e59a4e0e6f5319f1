s/^        exit(42);/        raise(SIGKILL);/
s/^#include <stdio.h>/#include <signal.h>\n&/
