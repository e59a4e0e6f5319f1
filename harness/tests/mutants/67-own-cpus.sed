# hazard: the workers set the CPUs that they have
/FIX/,/die("sched_setaffinity")/s/^    if (sched_setaffinity/    sched_getaffinity(0, sizeof(given), \&given);\n&/
