s/if (fcntl(file, F_SETLK, &all) == 0)/if (all.l_type != F_WRLCK)/
s/errno != EAGAIN \&\& errno != EACCES/file == -1/
