# broken: the child does not say how it ended
s/_exit(42)/_exit(0)/
