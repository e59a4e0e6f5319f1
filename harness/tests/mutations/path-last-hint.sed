# after the last hint a cure may be shown
# in: harness/course/answer.c
# by: path.bats: a cure is not asked for after SAFE, after the last hint, with YES=1, in a pipe
s/shown >= hints/shown > hints/
