# hazard: fork() runs the handlers
s/_Fork()/fork()/
