# broken: nobody forks
s/^    pid_t pid = fork();/    pid_t pid = 1;/
