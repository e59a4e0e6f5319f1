# a signal that is caught ends nobody
# in: harness/run/fatal.c
# by: fatal_test
s/^        (signal != SIGKILL \&\& says_otherwise(member->pid, signal)))/        (signal == 0 \&\& says_otherwise(member->pid, signal)))/
