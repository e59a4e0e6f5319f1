# broken: half of the cache
s/(size_t)mib \* MIB, MADV_DONTFORK/(size_t)mib * MIB \/ 2, MADV_DONTFORK/
