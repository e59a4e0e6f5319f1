s/^    pid_t pid = fork();/    sigset_t all, before;\n    sigfillset(\&all);\n    pthread_sigmask(SIG_BLOCK, \&all, \&before);\n&\n    pthread_sigmask(SIG_SETMASK, \&before, NULL);/
# as fork() was before Linux 4.19: a tick while it copies, and it begins again
s/^int main(void)/static pid_t old_fork(void)\n{\n    int before;\n\n    do {\n        before = ticks;\n        for (long start = now_us(); now_us() < start + 1000;)\n            ;\n    } while (ticks != before);\n    return fork();\n}\n\n&/
s/^    pid_t pid = fork();/    pid_t pid = old_fork();/M
