# a stopped process may be continued
# in: harness/proof/*.c
# by: autopsy_test
s/return stopped *? CONDITION_STOPPED/return false ? CONDITION_STOPPED/
