# broken: the child does not have the memory at all, and crashes
s/MADV_WIPEONFORK/MADV_DONTFORK/
