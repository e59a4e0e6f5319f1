# broken: nobody pays
/if (pthread_create/,/die("pthread_create/d
/^    event_wait(&paying);/d
s/^    pthread_join(worker, NULL);/    (void)pay, (void)worker, (void)main_tid;/
