# a restarted call is a poll only where it sleeps as one
# in: harness/proof/*.c
# by: table.bats: help: restarted
s/    if (strncmp(where, "poll_schedule_timeout", 21) == 0 ||/    if (where[0] != 0 ||/
