s/^    handle(SIGTERM);/    signal(SIGTERM, SIG_DFL);/
