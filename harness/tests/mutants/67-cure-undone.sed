# hazard: the workers do not set their CPUs
/FIX/,/die("sched_setaffinity")/s/^    if (sched_setaffinity.*/    if (0)/
