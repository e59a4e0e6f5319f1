# hazard: the copy still counts the worker
s/pthread_atfork(NULL, NULL, forget_workers)/(forget_workers == NULL)/
