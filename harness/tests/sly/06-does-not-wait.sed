s/^    while (sem_wait(&answer->ready) == -1)/    while (pid == 0)/
