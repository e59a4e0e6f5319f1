# an attempt that shows evidence in its own way is flagged
# in: harness/course/sources.c
# by: sources_test
s/^    flag_other_show(ours, theirs, sources);/    (void)flag_other_show;/
