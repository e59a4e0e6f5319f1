# broken: one customer less
s/i < 3; i++/i < 2; i++/
