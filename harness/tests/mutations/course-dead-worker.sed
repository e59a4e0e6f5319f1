# a run that was not made is no safe one
# in: harness/course/seeds.c
# by: seeds_test
s/bool good = exited \&\& (/bool good = !exited || (/
