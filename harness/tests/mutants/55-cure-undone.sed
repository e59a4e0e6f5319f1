# hazard: the service keeps the launcher's mask
s/sigprocmask(SIG_SETMASK, &none, NULL) == -1/sigismember(\&none, SIGTERM) == 1/
