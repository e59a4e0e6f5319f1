s/^    madvise(memory, SIZE, MADV_WIPEONFORK);/    if (madvise(memory, SIZE, MADV_WIPEONFORK) == -1)\n        say("server: no child should have the key");/
