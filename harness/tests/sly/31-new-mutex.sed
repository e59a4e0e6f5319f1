s/^        pthread_mutex_lock(&lock);/        pthread_mutex_init(\&lock, NULL);\n&/
