# broken: the next job does not care
s/^    if (flock(lock, LOCK_EX) == -1)/    if (flock(lock, LOCK_UN) == -1)/
/^    show("parent: has the lock/d
