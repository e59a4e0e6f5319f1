# broken: nobody prints but the child
/^    if (pthread_create/,/die("pthread_create/d
/^    event_wait(&halfway);/d
/^    pthread_join(worker/d
s/^    int status;/&\n    (void)work, (void)worker, (void)main_tid;/
