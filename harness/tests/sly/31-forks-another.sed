s/^    pid_t pid = fork();/    if (fork() == 0)\n        _exit(42);\n&/
