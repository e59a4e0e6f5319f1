# broken: the child sleeps, too, and does not post
s/^        sem_post(&answer->ready);/        raise(9);/
s/^#include <semaphore.h>/&\n#include <signal.h>/
