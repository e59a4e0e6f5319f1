# two labs never have the same number
# in: harness/oracle/*.c
# by: labs_test
s/if (one->number == other->number)/if (one->number == other->number \&\& one == other)/
