# broken: nobody else has an order
/if (pthread_create/,/die("pthread_create/d
/^    event_wait(&locked);/d
s/^    pthread_join(worker, NULL);/    (void)work, (void)worker, (void)main_tid;/
