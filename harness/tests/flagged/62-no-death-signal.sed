s/^    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)/    if (number == 0)/
