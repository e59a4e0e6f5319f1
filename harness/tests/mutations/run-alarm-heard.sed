# an alarm clock that the witness has heard of may ring
# in: harness/run/*.c
# by: proof.bats: alive: alarm-in-child
s/if (may_ring(&heard->clocks\[i\], shot))/if (heard->clocks[i].timer != THE_ALARM \&\& may_ring(\&heard->clocks[i], shot))/
