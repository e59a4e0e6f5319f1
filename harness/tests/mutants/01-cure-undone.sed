# hazard: the child writes the buffer, too
s/_exit(42)/exit(42)/
