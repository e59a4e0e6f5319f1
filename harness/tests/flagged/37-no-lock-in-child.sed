s/^    pthread_mutex_lock(&lock);/    if (getpid() == gettid() \&\& first != getpid())\n        return;\n&/
s/^static void take(void)/static pid_t first;\n\n&/
s/^    make_lock();/    first = getpid();\n&/
