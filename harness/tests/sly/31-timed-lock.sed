s/^#include <pthread.h>/&\n#include <time.h>/
s/^        pthread_mutex_lock(&lock);/        struct timespec soon = {time(NULL) + 1, 0};\n        pthread_mutex_timedlock(\&lock, \&soon);/
