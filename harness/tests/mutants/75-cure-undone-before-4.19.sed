# broken: fork as it was before Linux 4.19, and a clock that nobody stops
/^    sigprocmask(SIG_BLOCK/d
s/^    sigprocmask(SIG_SETMASK.*/    (void)before;/
s/^int main(void)/static pid_t old_fork(void)\n{\n    int before;\n\n    do {\n        before = ticks;\n        for (long start = now_us(); now_us() < start + 1000;)\n            ;\n    } while (ticks != before);\n    return fork();\n}\n\n&/
s/^    pid_t pid = fork();/    pid_t pid = old_fork();/
