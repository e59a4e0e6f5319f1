# an alarm clock that the witness has heard of may ring
# in: harness/run/*.c
# by: proof.bats: alive: alarm-in-child
s/pids_add(heard->clocks\[i\].timer == THE_ALARM ? alarmed : ringing,/pids_add(ringing,/
