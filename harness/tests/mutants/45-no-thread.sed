# broken: no thread, no work
s/pthread_create(&worker, NULL, work, NULL) != 0/((void)worker, (void)work, ordered) != 0/
