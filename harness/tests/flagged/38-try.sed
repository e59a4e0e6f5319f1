s/^    pthread_rwlock_wrlock(&lock);/    pthread_rwlock_trywrlock(\&lock);/
