# hazard: it is the child that must forget
s/pthread_atfork(NULL, NULL, forget_worker)/pthread_atfork(NULL, forget_worker, NULL)/
