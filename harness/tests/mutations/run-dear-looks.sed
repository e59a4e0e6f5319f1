# whole looks take a part of the time that does not grow with what they cost
# in: harness/run/watcher.c
# by: bench.bats: rows are within their bounds: watcher-1000busy
s/w->look_cost = clock_now() - now;/w->look_cost = 0;/
