# broken: nobody is in ctime_r
/if (pthread_create/,/die("pthread_create/d
/^    event_wait(&inside);/d
s/if (sigaction(SIGSEGV/mprotect(zone, page, PROT_READ);\n&/
s/^    pthread_join(worker, NULL);/    (void)work, (void)worker;/
