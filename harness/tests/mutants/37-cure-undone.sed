# hazard: the child unlocks what is not its own
s/pthread_atfork(take, give, make_lock)/pthread_atfork(take, give, give)/
