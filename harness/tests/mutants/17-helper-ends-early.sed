# broken: the helper does not help
s/^        event_announce(&ready);/&\n        _exit(0);/
