# a call that a signal has interrupted in the cage alone: nothing is proved
# in: harness/run/watcher.c
# by: proof.bats: alive: interrupted-close
s/w->heard.strange = w->report->lost_call = true;/w->report->lost_call = true;/
