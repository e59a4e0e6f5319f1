s/^    if (mmap(NULL, size/    void *heap = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n    madvise(heap, size, MADV_DONTFORK);\n    if (heap == MAP_FAILED) {\n#define UNUSED (mmap(NULL, size/
s/^             -1, 0) == MAP_FAILED) {//
s/^#define UNUSED.*//
