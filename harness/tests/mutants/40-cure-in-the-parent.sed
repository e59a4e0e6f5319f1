# hazard: made anew in the wrong process, before a thread waits again
s/pthread_atfork(NULL, NULL, forget_workers)/pthread_atfork(NULL, NULL, NULL)/
s/^    event_make(&done);/    forget_workers();\n&/
