# a futex word in a file that others can map is in reach of the world
# in: harness/proof/memory.c
# by: proof.bats: alive: word-outside
s/^  *: REACH_WORLD;/: REACH_TREE;/
