s/^    int error = pthread_join(worker, NULL);/    int error;\n    while ((error = pthread_tryjoin_np(worker, NULL)) == EBUSY)\n        sched_yield();/
