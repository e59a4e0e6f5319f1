# a poll set that another thread may have rewritten is unknown
# in: harness/proof/polling.c
# by: proof.bats: rewired: poll-rewritten
s|bool read = count <= MAX_POLLED && memory_holds(x, thread);|bool read = count <= MAX_POLLED;|
