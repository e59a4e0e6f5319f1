# who does less of the work is flagged
# in: harness/course/sources.c
# by: sources_test
s/    if (lost != NULL)$/    if (lost == NULL)/
