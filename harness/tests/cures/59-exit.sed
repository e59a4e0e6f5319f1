s/^    _exit(42);/    exit(42);/
