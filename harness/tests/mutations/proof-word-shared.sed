# a private futex in memory that others map may change under its waiter
# in: harness/proof/verdict.c
# by: autopsy_test
# by: proof.bats: late: common-word
s/return thread->reach != REACH_PROCESS || thread->word_shared ||/return thread->reach != REACH_PROCESS ||/
