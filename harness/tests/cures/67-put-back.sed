s/^    library_init();/&\n    if (sched_setaffinity(0, sizeof(given), \&given) == -1)\n        die("sched_setaffinity");/
