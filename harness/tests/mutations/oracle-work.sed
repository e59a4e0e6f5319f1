# a cure does the work of the lab
# in: harness/oracle/*.c
# by: judge_test
s/return word != NULL;/return word != NULL \&\& word[0] == 0;/
