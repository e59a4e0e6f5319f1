s/^static pthread_rwlock_t lock = .*/static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;/
s/pthread_rwlock_\(rd\|wr\)lock/pthread_mutex_lock/
s/pthread_rwlock_unlock/pthread_mutex_unlock/
s/^    pid_t pid = fork();/    pthread_mutex_lock(\&lock);\n&\n    pthread_mutex_unlock(\&lock);/
