# hazard: init waits for the server only
s/ended = wait(&status)/ended = waitpid(pid, \&status, 0)/
