s/^    pid_t pid = fork();/    take();\n&\n    give();/
s/^int main/static void take(void)\n{\n    while (pthread_mutex_trylock(\&lock) != 0) {\n        struct timespec soon = {0, 1000000};\n        clock_nanosleep(CLOCK_MONOTONIC, 0, \&soon, NULL);\n        event_announce(\&forked);\n    }\n}\n\nstatic void give(void)\n{\n    pthread_mutex_unlock(\&lock);\n}\n\n&/
s/^#include <pthread.h>/&\n#include <time.h>/
