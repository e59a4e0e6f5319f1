s/^    event_wait(&crash);/&\n    flock(lock, LOCK_UN);/
