# the signal for the end of the maker counts after that end only
# in: harness/run/fatal.c
# by: fatal_test
s/^    return maker_ended ? member->at_end_of_maker : 0;/    return member->at_end_of_maker | (maker_ended \& 0);/
