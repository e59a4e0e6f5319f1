# broken: nobody works
/^    if (pthread_create/,/die("pthread_create/d
/^    event_wait(&halfway);/d
/^    pthread_join(worker/d
s/^    int status;/&\n    (void)work, (void)worker;/
