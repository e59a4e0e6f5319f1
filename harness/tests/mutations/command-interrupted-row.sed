# the run of a lab that was interrupted is no row
# in: harness/command/all.c
# by: cli.bats: all labs, ended by TERM: the rows that are there count, no other
s/if (!interrupted) { \/\* else: these runs/if (true) { \/* else: these runs/
