# not safe: nobody is copied
s/= v\?fork()/= 0/
