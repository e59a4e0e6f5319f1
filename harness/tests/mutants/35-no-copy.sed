# not safe: nobody is copied
s/= _Fork()/= 0/
