s/^        if (dup2(input/        prctl(PR_SET_PDEATHSIG, SIGKILL);\n&/
