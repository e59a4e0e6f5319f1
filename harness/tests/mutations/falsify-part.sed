# Of a part that was proved, only the part is watched.
# in: harness/run/falsify.c
# by: falsify.bats: of a part, only the part is watched
s/return f->part == NULL || f->part\[thread\];/return true;/
