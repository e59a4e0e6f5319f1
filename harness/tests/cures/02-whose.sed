s/^static const char path.*/&\nstatic pid_t owner;/
s/^    if (unlink(path) == 0)/    if (getpid() == owner \&\& unlink(path) == 0)/
s/^    make_file(.*);.*/&\n    owner = getpid();/
