# a lock of a description that only a process outside has
# in: harness/proof/*.c
# by: table.bats: outside: ofd-ring
s/ours = blocker != NULL \&\& held_in_tree(x, \&all, blocker);/ours = blocker != NULL \&\& all.count > 0;/
