# a thread with descriptors of its own does not wait for those of the others
# in: harness/proof/waited_on.c
# by: proof.bats: rewired: own-table
s/^    if (!has_common_table(x, thread))/    if (false)/
