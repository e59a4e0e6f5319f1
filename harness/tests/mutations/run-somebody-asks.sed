# a thread that waits for the answer of the witness is not asleep
# in: harness/run/*.c
# by: proof.bats: alive: open-by-turns (without namespaces)
s/snapshot_same(shot, &again) && !somebody_asks(w) && !unread;/snapshot_same(shot, \&again) \&\& !unread;/
