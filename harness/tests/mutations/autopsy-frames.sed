# a variable is searched for in the frame that it may be in
# in: harness/autopsy/variables.c
# by: bench.bats: rows are within their bounds: explain-800
s/if (in_frame(search, i))/if (i < search->seen_count)/
