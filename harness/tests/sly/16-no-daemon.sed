/^static void start/,/^}/s/= fork()/= 0/
/setsid() == -1/,+1d
