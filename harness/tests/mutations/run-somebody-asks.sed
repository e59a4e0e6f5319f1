# a thread that waits for the answer of the witness is not asleep
# in: harness/run/*.c
# by: proof.bats: echo into a named pipe, and read, without namespaces: alive
s/snapshot_same(shot, &again) && !somebody_asks(w) && !unread;/snapshot_same(shot, \&again) \&\& !unread;/
