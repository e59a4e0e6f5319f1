s/mmap(NULL, size, PROT_READ | PROT_WRITE, /mmap(NULL, size, PROT_NONE, /
