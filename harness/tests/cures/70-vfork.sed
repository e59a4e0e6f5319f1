s/^static pid_t (\*const start_helper)(void) = by_fork;/static pid_t (*const start_helper)(void) = by_vfork;/
