# a lab leads to the exercise, not to the answer
# in: harness/command/run.c
# by: path.bats: a lab leads to the exercise, never to the answer
s/next_with(next_verb("try", /next_with(next_verb("solution", /
