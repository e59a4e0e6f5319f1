s/^    pid_t reader = fork();/    close(fd[1]);\n&/
