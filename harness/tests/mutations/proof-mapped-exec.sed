# what a process has mapped counts, until it executes another program
# in: harness/proof/mappers.c
# by: table.bats: elsewhere: futex-again
s/return mapper->stack == stack || .*/return false;/
