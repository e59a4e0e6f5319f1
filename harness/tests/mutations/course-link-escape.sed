# a name in a link is escaped byte by byte
# in: harness/base/uri.c
# by: seeds_test
s/strchr(unreserved, \*at) != NULL/*at != 32/
