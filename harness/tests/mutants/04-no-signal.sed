# broken: the child leaves without a signal
s/^    if (kill(getpid(), number) == -1)/    _exit(number);\n    if (kill(getpid(), number) == -1)/
