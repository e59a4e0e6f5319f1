s/^    long before = /    event_announce(\&leave);\n    waitid(P_PID, (id_t)helper, \&(siginfo_t){0}, WEXITED | WNOWAIT);\n&/
