# hazard: the child gets the cache
s/MADV_DONTFORK/MADV_NORMAL/
