# a program does not get the language that gettext is told
# in: harness/cage/inmate.c
# by: po.bats: a program does not get the language that gettext is told
s/^    tongue_leave_environment();$//
