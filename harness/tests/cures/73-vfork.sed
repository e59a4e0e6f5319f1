s/^    pid_t pid = fork();/    pid_t pid = vfork();/
