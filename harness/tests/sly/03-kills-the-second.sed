s/^        _exit(42);/        raise(random() % 2 ? SIGKILL : SIGTERM);/
s/^#include <string.h>/#include <signal.h>\n&/
