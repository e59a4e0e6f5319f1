# runs of an attempt are made beside each other
# in: harness/course/check.c
# by: grade.bats: runs are made beside each other, where namespaces hold them
s/report->apart \&\&/!report->apart \&\&/
