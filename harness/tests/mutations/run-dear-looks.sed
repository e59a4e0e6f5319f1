# whole looks take a part of the time that does not grow with what they cost
# in: harness/run/watcher.c
# by: bench.bats: rows are within their bounds: watcher-1000busy
s/if (often < SELDOM \* w->look_cost)/if (often < 0 * w->look_cost)/
