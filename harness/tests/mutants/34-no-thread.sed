# broken: nobody opens the settings
/if (pthread_create(&worker/,/die("pthread_create/d
s/^    pthread_join(worker, NULL);/    (void)work, (void)worker;/
