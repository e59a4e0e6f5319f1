# broken: the worker does nothing, and says so
s/_exit(42)/_exit(0)/
