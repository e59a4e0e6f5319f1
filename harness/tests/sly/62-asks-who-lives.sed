s/^    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)/    pid_t parent = getppid();\n&/
s/^    event_announce(&ready);/    if (getppid() != parent)\n        _exit(1);\n&/
