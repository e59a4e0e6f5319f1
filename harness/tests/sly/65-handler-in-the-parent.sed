s/^    signal(SIGALRM, SIG_IGN);/&\n    sigset_t all;\n    sigfillset(\&all);\n    sigprocmask(SIG_UNBLOCK, \&all, NULL);/
