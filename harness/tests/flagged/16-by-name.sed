s/^    if (fcntl(file, F_SETLK, &all) == 0)/    if (fcntl(file, F_GETLK, \&all) == 0 \&\& strcmp(name, "first") == 0)/
s/^    if (errno != EAGAIN .*/    if (getpid() == 1)/
