# hazard: the handlers lock in the other order
s/pthread_atfork(take_log, give_log, give_log)/pthread_atfork(TAKE)/
s/pthread_atfork(take_bank, give_bank, give_bank)/pthread_atfork(take_log, give_log, give_log)/
s/pthread_atfork(TAKE)/pthread_atfork(take_bank, give_bank, give_bank)/
