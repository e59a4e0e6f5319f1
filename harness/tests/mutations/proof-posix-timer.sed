# a POSIX timer may wake its process
# in: harness/proof/*.c
# by: proof.bats: alive: timer-signal
s/    if (process->timers)/    if (process->timers \&\& process->async)/
