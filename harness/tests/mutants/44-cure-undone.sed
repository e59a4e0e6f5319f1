# hazard: the kernel knows no handlers
s/= fork();/= (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);/
