s/^    call_me("worker");/&\n    signal(SIGINT, SIG_IGN);/
