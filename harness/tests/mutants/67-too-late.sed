# hazard: a worker takes all CPUs when it has done its work
/FIX/,/die("sched_setaffinity")/s/^    if (sched_setaffinity.*/    if (0)/
s/^    _exit(42);/    sched_setaffinity(0, sizeof(given), \&given);\n&/
