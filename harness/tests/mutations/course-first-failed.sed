# of runs beside each other, the first that failed is told of, not the fastest
# in: harness/course/seeds.c
# by: seeds_test
s/(seeds->failed == 0 || seed < seeds->failed)/seeds->failed == 0/
