# orphans are met before their parent is gone, and what exec left open is seen
# in: harness/run/leaving.c
# by: labs.bats: lab 66-pid-one-does-not-reap shows its hazard
# by: cures.bats: lab 51, writes-later: not safe
s/^    meet_children(family, member->pid);/    (void)meet_children;\n    return;/
