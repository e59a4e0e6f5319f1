s/^#include <pthread.h>/&\n#include <signal.h>/
s/^    if (waitpid(pid, &status, 0) == -1)/    usleep(20000);\n    kill(pid, SIGKILL);\n&/
