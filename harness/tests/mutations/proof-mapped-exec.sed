# shared memory that is gone counts, until the process executes another program
# in: harness/proof/mappers.c
# by: table.bats: elsewhere: futex-again
s/return stack != 0 && mapper->stack != 0 && stack != mapper->stack;/return true;/
