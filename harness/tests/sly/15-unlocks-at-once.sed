s/^    say("owner: has the lock");/&\n    flock(lock, LOCK_UN);/
