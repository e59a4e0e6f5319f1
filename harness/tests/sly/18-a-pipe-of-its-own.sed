s/^    call_me("worker");/&\n    if (pipe2(signals, O_CLOEXEC) == -1)\n        die("pipe2");/
