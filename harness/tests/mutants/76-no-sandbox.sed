# broken: the jobs run outside
s/unshare(CLONE_NEWUSER | CLONE_NEWPID) == -1/outside == 0/
