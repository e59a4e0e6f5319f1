# broken: the worker ends when it is up
s/^    event_announce(&up);/&\n    _exit(42);/
