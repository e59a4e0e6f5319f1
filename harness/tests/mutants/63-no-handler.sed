# broken: the server ends, as the signal would have it
s/^    signal(SIGINT, interrupted);/&\n    signal(SIGINT, SIG_DFL);/
