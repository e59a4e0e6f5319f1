# hazard: what was initialised early is another library
s/^static pthread_once_t once = .*/&\nstatic pthread_once_t other = PTHREAD_ONCE_INIT;/
/FIX/,/pthread_once/s/pthread_once(&once, initialise)/pthread_once(\&other, stay_here)/
