s/^    if (waitpid(pid, &status, 0) == -1)/    return 0;\n&/
