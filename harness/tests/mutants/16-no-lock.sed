# hazard: nobody locks
s/if (fcntl(file, F_SETLK, &all) == 0)/if (all.l_type == F_WRLCK)/
