# broken: the test ends with another status
s/^    _exit(42);/    exit(0);/
