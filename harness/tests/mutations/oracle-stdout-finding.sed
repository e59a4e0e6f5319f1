# a line on stdout is never a finding
# in: harness/oracle/*.c
# by: judge_test
s/put(tallies, report->evidence.item\[i\], false, 1, 0)/put(tallies, report->evidence.item[i], report->evidence.item[i][0] == 91, 1, 0)/
