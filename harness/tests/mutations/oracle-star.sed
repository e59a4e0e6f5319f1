# a line of a header starts with a star
# in: harness/oracle/*.c
# by: labs_test
s/    else if (!first \&\& !(last \&\& at >= length)) {/    else if (!first \&\& !(last || at < length)) {/
