# a restarted call is a poll only where it sleeps as one
# in: harness/proof/*.c
# by: proof.bats: alive: restarted-sleep
s/    if (strncmp(where, "poll_schedule_timeout", 21) == 0 ||/    if (where[0] != 0 ||/
