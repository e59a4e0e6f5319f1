s/^    while (sem_wait(&answer->ready) == -1)/    sem_post(\&answer->ready);\n&/
