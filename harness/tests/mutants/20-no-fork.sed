# broken: nobody is copied
s/= fork()/= 0/
