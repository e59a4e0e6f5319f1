# broken: the parent serves the first customer itself, and ends
/^static void serve/,/^}/s/= fork()/= 0/
