# a timer set to a time of the clock may fire at any time
# in: harness/cage/*.c
# by: proof.bats: unheard: timer-absolute
s/    if ((call->args\[1\] & TIMER_ABSTIME) != 0 ||/    if (/
