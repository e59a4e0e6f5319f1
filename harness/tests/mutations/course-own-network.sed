# runs beside each other do not meet in the network
# in: harness/course/check.c
# by: grade.bats: runs beside each other do not meet in the network
s/return one->options->own_network();/return one != NULL;/
