# hazard: the pid is asked for in the parent, before the fork
s/kill(getpid(), number)/kill(getppid(), number)/
