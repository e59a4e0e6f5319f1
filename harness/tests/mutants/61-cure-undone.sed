# hazard: the library waits for everybody again
s/waitpid(helper, NULL, WNOHANG);/waitpid(-1, NULL, WNOHANG);/
