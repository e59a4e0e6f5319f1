# memory that a process moves is heard of
# in: harness/cage/rules.c
# by: table.bats: elsewhere: futex-moved
/    CALL(SYS_mremap),/d
