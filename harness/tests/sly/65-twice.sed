s/^    signal(SIGALRM, SIG_IGN);/&\n    watch(10);/
