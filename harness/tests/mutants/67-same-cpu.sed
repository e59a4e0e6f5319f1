# hazard: each worker chooses a CPU, and it is the same one
s/^    if (sched_setaffinity(0, sizeof(given).*-1)$/    library_init();\n    if (0)/
