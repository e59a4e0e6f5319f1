# a typed line does not pass for the run's number
# in: harness/oracle/judge.c
# by: number_test
s/number_fill_facts(lab_safe(lab, musl), report->n, /number_fill_facts(lab_safe(lab, musl), lab->bare, /
