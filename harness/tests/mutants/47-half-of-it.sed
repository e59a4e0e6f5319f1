# broken: one half is enough
0,/^    handlers += n;/{/^    handlers += n;/d}
