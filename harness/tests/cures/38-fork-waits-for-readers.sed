s/^    pid_t pid = fork();/    pthread_rwlock_wrlock(\&lock);\n&\n    if (pid == 0)\n        pthread_rwlock_init(\&lock, NULL);\n    else\n        pthread_rwlock_unlock(\&lock);/
