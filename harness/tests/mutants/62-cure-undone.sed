# hazard: the thread forks again
/^    start_worker();/d
s/^    return NULL;/    start_worker();\n&/
