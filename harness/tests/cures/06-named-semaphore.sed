s/MAP_PRIVATE/MAP_SHARED/
s/^    if (sem_init(&answer->ready, 0, 0) == -1)/    sem_t *ready = sem_open("\/forklab-06", O_CREAT | O_EXCL, 0600, 0);\n    if (ready == SEM_FAILED || sem_unlink("\/forklab-06") == -1)/
s/sem_post(&answer->ready)/sem_post(ready)/
s/sem_wait(&answer->ready)/sem_wait(ready)/
