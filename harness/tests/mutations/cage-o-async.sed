# O_ASYNC is heard when it is set, so that descriptors are asked for it
# in: harness/cage/rules.c
# by: table.bats: outside: o-async
/IF(SYS_fcntl, 2, FILTER_BITS, O_ASYNC),/d
