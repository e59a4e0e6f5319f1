# a process that catches a signal is never proved stuck beside a live one
# in: harness/proof/verdict.c
# by: autopsy_test
# by: proof.bats: late: handler-unlocks
s/^                   catches_a_signal(shot, index);/                   false;/
