# broken: the owner ends in good order
s/raise(SIGKILL);/_exit(42);/
