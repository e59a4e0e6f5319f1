# a solution that only moves a statement is compared by it
# in: harness/course/sources.c
# by: sources_test
s/^        known->moves \&\& moved/        !known->moves \&\& moved/
