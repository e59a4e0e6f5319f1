# who is alive when the first process ends is left behind
# in: harness/run/*.c
# by: verdicts.bats: a child that is left behind, and ends later
s/member->left_behind = true;/member->left_behind = false;/
