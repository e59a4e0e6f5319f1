s/^    event_announce(&there);/    signal(SIGTERM, SIG_IGN);\n&/
