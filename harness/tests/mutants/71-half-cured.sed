# broken: the child gets half of the cache
s/madvise(cache, (size_t)mib \* MIB,/madvise(cache, (size_t)mib * MIB \/ 2,/
