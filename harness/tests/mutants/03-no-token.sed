# broken: the worker ends by accident
s/_exit(42)/_exit(0)/
