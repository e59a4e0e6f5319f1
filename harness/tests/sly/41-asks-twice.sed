s/^    int error = pthread_join(worker, NULL);/&\n    error |= pthread_join(worker, NULL);/
