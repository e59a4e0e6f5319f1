# a call that is heard reads nothing about a process that was just met
# in: harness/run/family.c
# by: pulse_test
s/clock_now() - member->named_at < NAME_LASTS/clock_now() - member->named_at < 0/
