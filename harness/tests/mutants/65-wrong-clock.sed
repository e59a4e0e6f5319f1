# hazard: a timer of processor time, and who sleeps uses none
s/ITIMER_REAL/ITIMER_VIRTUAL/
