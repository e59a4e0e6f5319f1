# beside another sign of life, whole looks take a twentieth of the time, whatever one costs
# in: harness/run/pace.c
# by: pace_test
s/often < SELDOM \* pace->look_cost/often < 0/
