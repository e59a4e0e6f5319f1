# broken: there is no owner
s/if (lock == -1 || flock(lock, LOCK_EX) == -1 ||/if (lock == -1 ||/
