# what a version of glibc or Linux changes, it changes from that version on
# in: harness/oracle/lab.c
# by: labs_test
s/now.minor >= since.minor/now.minor > since.minor/
