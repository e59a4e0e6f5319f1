# broken: the cache is not written
s/cache\[at\] = (char)number;/(void)number;/
