# processes with one address space are seen (vfork, CLONE_VM)
# in: harness/proof/*.c
# by: proof.bats: late: same-memory
s/if (find_space(x, &spaces, i, &which))/if (find_space(x, \&spaces, i, \&which) \&\& i > count)/
