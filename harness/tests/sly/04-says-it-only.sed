s/^    if (kill(my_pid, number) == -1)/    _exit(42);\n&/
s/^    if (WIFSIGNALED(status))/    if (status)/
s/WTERMSIG(status)/SIGTERM/
