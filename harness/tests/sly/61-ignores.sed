s/^    if (sigaction(SIGCHLD, &action, NULL) == -1)/    action.sa_handler = SIG_IGN;\n&/
