# broken: the launcher is killed itself
/^    if (pid == 0) {/,/die("sigprocmask");/{
/^        sigset_t none;/,/die("sigprocmask");/d
}
s/^    pid_t pid = fork();/    sigset_t none;\n    sigemptyset(\&none);\n    sigprocmask(SIG_SETMASK, \&none, NULL);\n&/
s/^    raise(SIGTERM);.*/    raise(SIGTERM);/
