s/^#include <pthread.h>/&\n#include <time.h>/
s/^    pthread_rwlock_wrlock(&lock);/    struct timespec soon = {time(NULL) + 1, 0};\n    if (pthread_rwlock_timedwrlock(\&lock, \&soon) != 0)\n        return;/
