# a call that is heard reads nothing about a process that is known
# in: harness/run/watcher.c
# by: bench.bats: rows are within their bounds: heard-call
s/: family_known(&w->family, call->tid);/: NULL;/
