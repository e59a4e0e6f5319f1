s/^    pid_t pid = fork();/    sigset_t all, old;\n    sigfillset(\&all);\n    sigprocmask(SIG_BLOCK, \&all, \&old);\n&/
s/^        work(&ready);/    {\n        signal(SIGTERM, SIG_DFL);\n        sigprocmask(SIG_SETMASK, \&old, NULL);\n&\n    }/
s/^    event_wait(&ready);/    sigprocmask(SIG_SETMASK, \&old, NULL);\n&/
