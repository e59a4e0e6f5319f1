s/^    event_announce(ready);/&\n    if (pipe2(signals, O_CLOEXEC) == -1)\n        die("pipe2");/
