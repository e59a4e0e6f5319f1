# broken: the thread is there, for nobody was copied
s/= fork()/= 0/
