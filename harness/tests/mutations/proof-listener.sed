# a program with a seccomp listener of its own is begun again, and never proved stuck
# in: harness/run/watcher.c
# by: verdicts.bats: a seccomp listener of its own: it runs as elsewhere, and nothing is proved
s/w->report->wants_listener = true;/(void)0;/
