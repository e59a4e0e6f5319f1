# who has said yes to a cure is not asked again
# in: harness/course/answer.c
# by: path.bats: a cure is asked for once, at a terminal
s/ || said_yes(root, lab) ||/ ||/
