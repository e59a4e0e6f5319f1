# an attempt that is the lab as it is, is a note in SARIF
# in: harness/course/sarif.c
# by: grade.bats: SARIF 2.1.0 and Autolab's scores
s/return "note";/return NULL;/
