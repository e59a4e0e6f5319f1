# evidence may be in output that was not kept
# in: harness/oracle/*.c
# by: judge_test
s/if (report->output_kept < report->output_bytes)/if (report->output_kept > report->output_bytes)/
