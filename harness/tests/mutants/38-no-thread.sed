# broken: nobody reads
/^    if (pthread_create/,/die("pthread_create/d
/^    event_wait(&reading);/d
/^    pthread_join(worker/d
s/^    int status;/&\n    (void)work, (void)worker, (void)main_tid;/
