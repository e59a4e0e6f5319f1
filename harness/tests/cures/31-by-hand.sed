s/^    pid_t pid = fork();/    pthread_mutex_lock(\&lock);\n&\n    pthread_mutex_unlock(\&lock);/
