# a thread that may have been there when the number changed is touched by it
# in: harness/proof/changes.c
# by: changes_test
s/thread->tid > change->last_tid &&/thread->tid > 0 \&\&/
