# a deadline that ended the run is no evidence
# in: harness/oracle/*.c
# by: judge_test
s/if (report_ended_by_deadline(report))/if (report_ended_by_deadline(report) \&\& report->proved)/
