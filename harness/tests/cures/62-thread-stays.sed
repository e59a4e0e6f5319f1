s/^    return NULL;/    siginfo_t info;\n    waitid(P_PID, (id_t)worker, \&info, WEXITED | WNOWAIT);\n&/
s/^    if (pthread_join(thread, NULL) != 0)/    while (worker == 0 || number == 0)\n        sched_yield();/
/^        die("pthread_join");/d
s/^    return 0;/    pthread_join(thread, NULL);\n&/
s/^static pid_t worker, beginner;/static _Atomic pid_t worker, beginner;/
