s/^    return cache;/    madvise((void *)cache, (size_t)mib * MIB, MADV_DONTFORK);\n&/
