s/^        if (dup2(input, STDIN_FILENO) != -1)/        prctl(PR_SET_PDEATHSIG, SIGTERM);\n&/
s/^    if (waitpid(service, &status, 0) == -1)/    if (waitpid(service, \&status, WNOHANG) == -1)/
s/^    int status, input/    int status = 0, input/
