s/^#include <string.h>/&\n#include <sys\/random.h>/
s/^    long mine = canary();/    long mine;\n    getrandom(\&mine, sizeof(mine), 0);\n    __asm__ volatile("mov %0, %%fs:0x28" : : "r"(mine));\n    mine = canary();/
