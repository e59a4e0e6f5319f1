# an alarm clock that the witness has heard of may ring
# in: harness/run/*.c
# by: proof.bats: alive: alarm-in-child
s/pids_add(alarmed, heard->clocks\[i\].pid);/(void)0;/
