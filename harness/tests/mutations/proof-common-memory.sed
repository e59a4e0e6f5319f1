# processes with one address space are seen (vfork, CLONE_VM)
# in: harness/proof/*.c
# by: proof.bats: alive: common-memory
s/if (find_space(x, &spaces, i, &which))/if (find_space(x, \&spaces, i, \&which) \&\& i > count)/
