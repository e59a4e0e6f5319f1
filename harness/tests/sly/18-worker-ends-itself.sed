s/^    event_announce(ready);/&\n    signals[1] = open("\/dev\/null", O_WRONLY);/
s/^        continue;/        _exit(42);/
