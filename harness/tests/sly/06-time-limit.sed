s/^    while (sem_wait(&answer->ready) == -1)/    struct timespec at = {1, 0};\n    while (sem_timedwait(\&answer->ready, \&at) == -1 \&\& errno != ETIMEDOUT)/
s/^#include <semaphore.h>/&\n#include <time.h>/
