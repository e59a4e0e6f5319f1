s/^    pid_t pid = fork();/    while (pthread_mutex_trylock(\&lock) != 0)\n        sched_yield();\n&\n    pthread_mutex_unlock(\&lock);/
