s/^#include <pthread.h>/&\n#include <signal.h>/
/^    if (waitpid(pid, &status, 0) == -1)/i\
    usleep(20000);\
    kill(pid, SIGKILL);\
    waitpid(pid, &status, 0);\
    pid = fork();\
    if (pid == 0) {\
        pthread_mutex_lock(&lock);\
        show("child saw %d %d", orders, bills);\
        pthread_mutex_unlock(&lock);\
        _exit(42);\
    }
