# hazard: inside of a page, and nobody looks at what madvise() says
s/^    char \*memory = mmap(.*/    char *memory = malloc(SIZE);/
/^                        MAP_PRIVATE/d
s/memory == MAP_FAILED/memory == NULL/
s/^    if (madvise(memory, SIZE, MADV_WIPEONFORK) == -1)/    if (madvise(memory, SIZE, MADV_WIPEONFORK) == 1)/
