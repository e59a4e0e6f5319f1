# hazard: the worker puts back what the server has not read
s/_exit(42)/exit(42)/
