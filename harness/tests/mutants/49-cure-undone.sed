# hazard: the child is a copy of a process with two threads
s/errno = posix_spawn(.*/errno = again[0] == NULL; pid = fork();/
s/^    if (errno != 0)/    if (pid == 0) work();\n&/
