# broken: there is no child
s/pid_t child = fork();/pid_t child = 0;/
