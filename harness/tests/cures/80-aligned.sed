s/^    char \*memory = malloc(SIZE);/    char *memory = aligned_alloc(4096, 4096);/
