s/^    event_announce(&leave);/    madvise((void *)cache, (size_t)mib * MIB, MADV_HUGEPAGE);\n&/
