# signalfd takes a signal that is blocked
# in: harness/proof/verdict.c
# by: autopsy_test
s/    if (!waits_on_signalfd(shot, thread))/    if (thread != NULL)/
