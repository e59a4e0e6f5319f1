# hazard: the service keeps its standard output
s/^ *freopen("\/dev\/null", "w", stdout) == NULL)/        0)/
