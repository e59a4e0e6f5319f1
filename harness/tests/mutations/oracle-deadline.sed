# a deadline that ended the run is no evidence
# in: harness/oracle/*.c
# by: judge_test
s/if (ended_by_deadline(report))/if (ended_by_deadline(report) \&\& report->proved)/
