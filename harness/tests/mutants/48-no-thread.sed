# hazard: nothing beats
/if (pthread_create/,/die("pthread_create/d
s/^    pthread_t heart;/    (void)live;/
