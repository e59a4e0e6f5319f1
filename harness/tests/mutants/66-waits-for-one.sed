# broken: init waits for the server only: the zombies are init's
s/ended = wait(&status)/ended = waitpid(pid, \&status, 0)/
