s/^static pthread_mutex_t lock = .*/static pthread_spinlock_t lock;/
s/pthread_mutex_\(un\)\?lock/pthread_spin_\1lock/
s/^    event_make(&locked);/    pthread_spin_init(\&lock, 0);\n&/
s/^    pid_t pid = fork();/    pthread_spin_lock(\&lock);\n&\n    pthread_spin_unlock(\&lock);/
