# a name that is neither called nor handed to a call cures nothing
# in: harness/course/ctext.c
# by: sources_test
s/ += \*next == '(' || nest.calls > 0;/ += 1;/
