# hazard: nobody hears of the ends
s/sigaction(SIGCHLD, &action, NULL)/(action.sa_flags == 0)/
