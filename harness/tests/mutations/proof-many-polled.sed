# a set of poll(2) is read, however many descriptors it has
# in: harness/proof/polling.c
# by: autopsy.bats: autopsy of poll on 3,000 descriptors, and of 60,000 mappings: proved
s/^#define MAX_POLLED .*/#define MAX_POLLED 1024UL/
