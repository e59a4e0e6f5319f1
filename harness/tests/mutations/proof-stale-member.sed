# an epoll set may still have what its number stood for before
# in: harness/proof/*.c
# by: proof.bats: alive: stale-member
s/    strtoul(inode + 4, NULL, 16) == link->inode &&/    strtoul(inode + 4, NULL, 16) != 0 \&\&/
