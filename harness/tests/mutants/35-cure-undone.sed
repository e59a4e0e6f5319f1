# hazard: the child's stream is locked by the worker
s/^    flockfile(stdout);$/    (void)0;/
s/^    funlockfile(stdout);$/    (void)0;/
s/^    (void)0; \/\* one/    flockfile(stdout); \/\* one/
