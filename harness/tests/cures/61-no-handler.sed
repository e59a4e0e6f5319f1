/^    if (sigaction(SIGCHLD, &action, NULL) == -1)/,+1d
s/^    struct sigaction action = .*/    (void)reap; \/* waitpid(helper) in main() is enough *\//
