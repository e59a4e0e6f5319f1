# without one, whole looks take a tenth of the time, whatever one costs
# in: harness/run/pace.c
# by: pace_test
s/pace->last_full == pace->last_look)/pace->last_full < 0)/
