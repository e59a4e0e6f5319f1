# a program with a seccomp listener of its own is never proved stuck
# in: harness/run/heard.c
# by: verdicts.bats: a seccomp listener of its own: it runs as elsewhere, and nothing is proved
s/^    case HEARD_LISTENER:$//
