# hazard: the thread stays in the parent
s/^    if (daemon(1, 1) == -1)/    if (pthread_create(\&heart, NULL, live, NULL) != 0)\n        _exit(1);\n&/
/FIX/,/die("pthread_create/{/if (pthread_create/d;/die("pthread_create/d}
