# a start takes as long where /tmp is full: what the command does not name is not mounted
# in: harness/cage/mounts.c
# by: escape.bats: a /tmp with many entries: it is private, and what is named is there
s/return count > MAX_ENTRIES + 2;/return false;/
