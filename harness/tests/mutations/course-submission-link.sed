# a link in a submission is not followed
# in: harness/course/submissions.c
# by: submissions_test
s/return lstat(path, &info) == 0/return stat(path, \&info) == 0/
