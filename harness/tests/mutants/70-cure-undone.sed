# hazard: the helper is forked again
s/start_helper)(void) = by_spawn/start_helper)(void) = by_fork/
