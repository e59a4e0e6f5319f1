# a typed line does not pass for the run's number
# in: harness/oracle/judge.c
# by: number_test
s/number_fill_facts(lab_safe(lab, libc), report->n, /number_fill_facts(lab_safe(lab, libc), lab->bare, /
