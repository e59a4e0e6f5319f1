# broken: main() forks
s/^    if (pthread_create(&worker, NULL, work, NULL) != 0)/    if (work(NULL) != NULL)/
/^    pthread_join/d
/^    pthread_t worker/d
