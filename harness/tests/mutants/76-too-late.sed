# hazard: the second child is to be process 1
/^    pid_t init = fork();/,/^    call_me("init");/d
s/^    show("memory for 16 MiB/    pid_t init = fork();\n    if (init > 0)\n        _exit(waitpid(init, NULL, 0) == init ? 0 : 1);\n&/
