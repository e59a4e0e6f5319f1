# an optional fact may not occur more often than its count
# in: harness/oracle/*.c
# by: judge_test
s/return more > tally->allowed ? more - tally->allowed : 0;/return tally->allowed > 0 ? 0 : more;/
