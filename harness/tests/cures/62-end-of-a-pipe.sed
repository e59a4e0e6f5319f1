s/^    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)/    \/* the server's end is the last one: its end is ours *\/\n    if (close(asked.fd[1]) == -1)/
