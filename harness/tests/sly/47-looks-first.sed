s/^    pthread_once(&once, initialise);/    if (handlers == 0)\n        pthread_once(\&once, initialise);/
