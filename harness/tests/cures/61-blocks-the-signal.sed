s/^    pid_t job = start_job();/    sigset_t ended;\n    sigemptyset(\&ended);\n    sigaddset(\&ended, SIGCHLD);\n    sigprocmask(SIG_BLOCK, \&ended, NULL);\n&/
s/^    say_end("job", status);/    sigprocmask(SIG_UNBLOCK, \&ended, NULL);\n&/
