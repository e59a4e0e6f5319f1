# the name of a variable of the program is no word of ours
# in: harness/report/report.c
# by: po.bats: run: a sentence with its parts in another order, and one without an owner
s/bool ours = thread->object != NULL && strchr(thread->object, ' ') != NULL;/bool ours = thread->object != NULL;/
