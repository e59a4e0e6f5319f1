# hazard: the child goes on
/^        _exit(127);/d
