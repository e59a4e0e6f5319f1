s/^    if (flock(lock, LOCK_EX) == -1)/    if (flock(lock, LOCK_EX | LOCK_NB) == -1 \&\& errno != EWOULDBLOCK)/
