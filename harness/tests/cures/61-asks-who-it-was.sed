s/^static void reap(int number LAB_UNUSED)/static void reap(int number, siginfo_t *info, void *unused)/
s/^    while (waitpid(-1, NULL, WNOHANG) > 0)/    (void)number, (void)unused;\n    if (info->si_pid == helper)/
s/^        continue;/        waitpid(info->si_pid, NULL, WNOHANG);/
s/\.sa_handler = reap, \.sa_flags = SA_RESTART/.sa_sigaction = reap, .sa_flags = SA_RESTART | SA_SIGINFO/
