s/^    _exit(0);/    event_announce(served);\n    waitpid(pid, NULL, 0);\n&/
s/^    event_announce(served);$/    (void)served;/
