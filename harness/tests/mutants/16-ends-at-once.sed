# broken: the daemon does no work
s/^    event_wait(&stop);/    _exit(0);/
