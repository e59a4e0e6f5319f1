s/^    pid_t pid = fork();/    fflush(stdout);\n&/
