# broken: nobody is started, the parent does the work of both
s/errno = posix_spawn(.*/errno = 0;/
s/^    if (waitpid(/    work();\n&/
