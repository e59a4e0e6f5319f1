s/^static bool started;/static bool started;\nstatic pid_t started_by;/
s/^    if (!started)/    if (started_by != getpid())/
s/^    started = true;/&\n    started_by = getpid();/
