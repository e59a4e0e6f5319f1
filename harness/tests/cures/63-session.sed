s/^    call_me("worker");/&\n    setsid();/
