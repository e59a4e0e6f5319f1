# broken: init waits for the server only, and has the zombies now
s/ended = wait(&status)/ended = waitpid(pid, \&status, 0)/
