# hazard: the worker is a copy
s|^        execl(.*|        work(fd[1]);|
