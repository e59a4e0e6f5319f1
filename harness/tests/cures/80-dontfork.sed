s/^    char \*memory = malloc(SIZE);/    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);/
s/MADV_WIPEONFORK/MADV_DONTFORK/
