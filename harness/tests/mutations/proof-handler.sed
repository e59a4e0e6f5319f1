# a process that catches a signal is never proved stuck beside a live one
# in: harness/proof/*.c
# by: proof.bats: alive: handler-unlocks
s/shares_memory || catches_a_signal(shot, index)/shares_memory/
