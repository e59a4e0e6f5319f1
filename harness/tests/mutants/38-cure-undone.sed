# hazard: the copy of the lock counts a reader
s/pthread_atfork(take, give, make_new)/(take == make_new || give == make_new)/
