# broken: the worker tells, and ends by accident
s/_exit(42)/_exit(0)/
