# hazard: the worker is the first one
/FIX/,/pthread_once/{/pthread_once/d}
