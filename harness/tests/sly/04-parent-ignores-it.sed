s/^    my_pid = getpid();/&\n    signal(SIGTERM, SIG_IGN);/
