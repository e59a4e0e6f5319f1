s/^    if (waitpid(pid, NULL, 0) == -1)/    kill(pid, SIGKILL);\n&/
