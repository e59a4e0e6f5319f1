# a descriptor number that was closed while the thread slept is unknown
# in: harness/proof/changes.c
# by: changes_test
# by: proof.bats: rewired: close-reuse
s/touched = change->low <= fd && fd <= change->high &&/touched = change->low < fd \&\& fd < change->high \&\&/
