# What moves after a proof is exit status 4.
# in: harness/command/run.c
# by: falsify.bats: what moves after the proof: 4, with both snapshots
s/ || report->falsified.moved != NULL)$/)/
