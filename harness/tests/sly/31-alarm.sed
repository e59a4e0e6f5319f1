s/^#include <pthread.h>/&\n#include <signal.h>/
s/^        pthread_mutex_lock(&lock);/        alarm(1);\n&/
