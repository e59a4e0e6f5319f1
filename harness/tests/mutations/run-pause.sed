# a program that is quiet for long is looked at as often as that a verdict takes 4 ms
# in: harness/run/pace.c
# by: pace_test
s/^#define MOST_PAUSE .*/#define MOST_PAUSE (6 * MS)/
