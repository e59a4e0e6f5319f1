# hazard: the worker joins the group that it is in
s/setpgid(0, 0)/setpgid(0, getpgid(getppid()))/
