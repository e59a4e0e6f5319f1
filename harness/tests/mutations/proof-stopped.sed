# a stopped process may be continued
# in: harness/proof/*.c
# by: verdicts.bats: stopped by a signal: no hang
s/return stopped *? CONDITION_STOPPED/return false ? CONDITION_STOPPED/
