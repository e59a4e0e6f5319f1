s/^    pid_t pid = fork();/    fflush(stdin);\n&/
