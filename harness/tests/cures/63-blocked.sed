s/^    call_me("worker");/&\n    sigset_t one;\n    sigemptyset(\&one);\n    sigaddset(\&one, SIGINT);\n    sigprocmask(SIG_BLOCK, \&one, NULL);/
