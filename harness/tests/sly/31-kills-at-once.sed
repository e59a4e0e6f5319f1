s/^#include <pthread.h>/&\n#include <signal.h>/
/^    if (pid == 0) {/,/^    }/ s/^        event_announce.*//
/^    if (waitpid(pid, &status, 0) == -1)/i\
    event_announce(&forked);\
    kill(pid, SIGKILL);\
    waitpid(pid, &status, 0);\
    pthread_join(worker, NULL);\
    pid = fork();\
    if (pid == 0) {\
        pthread_mutex_lock(&lock);\
        show("child saw %d %d", orders, bills);\
        pthread_mutex_unlock(&lock);\
        _exit(42);\
    }
s/^    pthread_join(worker, NULL);$//
