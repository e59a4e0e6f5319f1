# a futex in shared memory may have other memory over it by now
# in: harness/proof/futexes.c
# by: table.bats: elsewhere: futex-replaced
s/    return moved > now ? moved : now;/    return (void)moved, now;/
