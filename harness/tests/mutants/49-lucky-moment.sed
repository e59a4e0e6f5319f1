# broken: the child is a copy, at a moment when the lock is free
/^    meter_count("parent")/d
s/errno = posix_spawn(.*/meter_count("parent"); errno = 0; pid = fork();/
s/^    if (errno != 0)/    if (pid == 0) work();\n&/
