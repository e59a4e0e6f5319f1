# hazard: the flag comes a moment too late
s/mkostemp(name, O_CLOEXEC)/mkostemp(name, 0)/
s/^    event_wait_or_futex(&helped.*/&\n    fcntl(fd, F_SETFD, FD_CLOEXEC);/
