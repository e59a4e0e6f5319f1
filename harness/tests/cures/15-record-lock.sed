s/flock(lock, LOCK_EX | LOCK_NB) == -1 \&\& errno == EWOULDBLOCK/lockf(lock, F_TLOCK, 0) == -1/
s/flock(lock, LOCK_EX)/lockf(lock, F_LOCK, 0)/
