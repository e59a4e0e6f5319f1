# hazard: the first job is process 1
/^    pid_t init = fork();/,/^    call_me("init");/d
