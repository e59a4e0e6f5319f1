# O_ASYNC: the kernel sends a signal when a descriptor is ready
# in: harness/proof/*.c
# by: table.bats: outside: o-async
s/strtol(flags + 7, NULL, 8) & O_ASYNC/strtol(flags + 7, NULL, 8) < 0/
