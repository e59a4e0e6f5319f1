# a ring to which something is submitted may do anything
# in: harness/cage/*.c
# by: proof.bats: unheard: uring-close
s/    IF(SYS_io_uring_enter, 1, FILTER_NOT_EQUAL, 0), .*//
