# broken: another hang, for main does not wait for the lock of the others
/FIX/,/^    pid_t pid/{/pthread_mutex_lock/d}
/^    pid_t pid/,/^    if/{/pthread_mutex_unlock/d}
