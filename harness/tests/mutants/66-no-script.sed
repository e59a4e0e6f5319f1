# broken: two scripts instead of three
s/i < 3/i < 2/
