# who lives on was not ended by the signal
# in: harness/run/family.c
# by: fatal_test
s/^            member->doom = 0;/            (void)0;/
