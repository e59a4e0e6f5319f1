# a timer that was set may yet fire
# in: harness/run/*.c
# by: proof.bats: unheard: timer-set-again
s/            pids_add(heard->clocks\[i\].timer == THE_ALARM ? alarmed : ringing,/            pids_add(alarmed,/
