# broken: nothing is transferred
/if (pthread_create/,/die("pthread_create/d
/event_wait(&halfway)/d
s/pthread_join(worker, NULL)/(void)work, (void)worker/
