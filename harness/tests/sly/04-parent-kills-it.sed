s/^    if (kill(my_pid, number) == -1)/    if (my_pid == number)/
s/^    if (waitpid(pid, &status, 0) == -1)/    kill(pid, SIGKILL);\n&/
