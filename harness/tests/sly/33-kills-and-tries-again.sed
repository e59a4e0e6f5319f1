/^    if (waitpid(pid, &status, 0) == -1)/i\
    usleep(20000);\
    kill(pid, SIGKILL);\
    waitpid(pid, &status, 0);\
    pthread_join(worker, NULL);\
    pid = fork();\
    if (pid == 0) {\
        ctime_r(&moment, date);\
        date[24] = '\\0';\
        show("child: %s", date);\
        _exit(42);\
    }
s/^    pthread_join(worker, NULL);$//
