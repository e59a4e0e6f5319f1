# broken: the advice comes when the first child is there
/^    if (madvise/,/^        die/d
s/^    say("parent: has forked.*/    madvise(cache, (size_t)mib * MIB, MADV_DONTFORK);/
