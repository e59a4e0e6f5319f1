s/^    if (mmap(NULL, size.*/    char *heap = mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n    mprotect(heap + (size + PAGE - 1) \/ PAGE * PAGE, PAGE, PROT_NONE);\n    if (heap == MAP_FAILED) {/
s/^             -1, 0) == MAP_FAILED) {//
