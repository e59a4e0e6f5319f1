# and so is memory
# in: harness/proof/*.c
# by: table.bats: passed: memfd
s/passed_memory(x, inode) ? REACH_WORLD/passed_memory(x, inode) ? REACH_TREE/
