# a poll set that another thread may have rewritten is unknown
# in: harness/proof/polling.c
# by: proof.bats: rewired: poll-rewritten
s/if (count > MAX_POLLED || !memory_holds(x, thread) ||/if (count > MAX_POLLED ||/
