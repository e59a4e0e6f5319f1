# broken: the neighbour ends before it is told to
s/^    event_wait(&done);/    event_announce(\&done);/
s/_exit(43)/_exit(0)/
