s/^    say("child: kill(%d, SIGTERM)", worker);/    if (worker < 0)\n        show("child: fork: %s", strerror(errno));/
s/^    if (kill(worker, SIGTERM) == -1)/    if (worker > 0 \&\& kill(worker, SIGTERM) == -1)/
