# another descriptor than the one of the solution is closed
# in: harness/course/known.c
# by: sources_test
s/return same || !asked;/return same || asked;/
