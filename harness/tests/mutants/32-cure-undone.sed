# hazard: a fork that does not wait for malloc
s/= fork();/= _Fork();/
