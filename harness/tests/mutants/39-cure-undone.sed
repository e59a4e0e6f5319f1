# hazard: nobody takes the lock
s/pthread_mutex_\(un\)\?lock(&lock);//
