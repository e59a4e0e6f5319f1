# hazard: the worker runs the server's exit handler
s/_exit(42)/exit(42)/
