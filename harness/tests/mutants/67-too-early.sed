# hazard: the program takes all CPUs, and then calls the library
/FIX/,/die("sched_setaffinity")/s/^    if (sched_setaffinity.*/    if (0)/
s/^    library_init();/    take_all_cpus();\n&/
