# broken: the third never comes
s/i < 3/i < 2/
