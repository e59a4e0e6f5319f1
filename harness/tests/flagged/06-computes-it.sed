s/^    pid_t pid = fork();/    int mine = 6 * run_number(7);\n&/
s/^    while (sem_wait(&answer->ready) == -1)/    answer->value = mine;\n    sem_post(\&answer->ready);\n&/
