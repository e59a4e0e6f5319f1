# a role that only exec gives is not taken by a name
# in: harness/oracle/judge.c
# by: number_test
s/ || takes_a_name(report, lab)))/ || (false \&\& takes_a_name(report, lab))))/
