# the program starts with signals as a shell gives them
# in: harness/cage/*.c
# by: verdicts.bats: signals that the runner ignores are not ignored in the program
s/^ *signal(signal_number, SIG_DFL);/        (void)signal_number;/
