# a lock whose owner cannot be seen, and that nobody of the tree has
# in: harness/proof/filelock.c
# by: proof.bats: a lock whose owner cannot be seen, and may unlock it: alive
s/ours = exclusive_in_tree(x, link, &thread->locker);/ours = exclusive_in_tree(x, link, \&thread->locker) || true;/
