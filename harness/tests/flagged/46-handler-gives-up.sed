/^static void take/,/^}/s/pthread_mutex_lock(&lock);/pthread_mutex_trylock(\&lock);/
