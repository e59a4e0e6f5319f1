# broken: nobody squares
s/pthread_create(&worker, NULL, work, NULL) != 0/work == NULL/
/^    event_wait(&done);/d
s/^    pthread_t worker;/    pthread_t worker;\n    (void)worker;/
