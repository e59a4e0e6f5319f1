# hazard: the child has the cache by then
/^    if (madvise((void \*)cache/,/^        die("madvise");/d
s/^    long before = /    madvise((void *)cache, (size_t)mib * MIB, MADV_DONTFORK);\n&/
