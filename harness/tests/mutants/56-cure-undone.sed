# hazard: the child has the memory of its parent
s/= fork();/= vfork();/
