# hazard: the child still believes that it has a worker
s/pthread_atfork(NULL, NULL, forget_worker)/(forget_worker == NULL)/
