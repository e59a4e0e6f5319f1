# What lives beside a part may kill it.
# in: harness/run/falsify.c
# by: falsify.bats: of a part: the rest may kill it
s/? NULL$/\&\& false ? NULL/
