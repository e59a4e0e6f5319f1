# a POSIX timer may wake its process
# in: harness/proof/*.c
# by: autopsy_test
s/    if (process->timers)/    if (process->timers \&\& process->async)/
