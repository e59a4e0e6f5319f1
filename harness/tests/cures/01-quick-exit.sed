s/^        exit(42);/        quick_exit(42);/
s/^#include <stdio.h>/&\n#include <stdlib.h>/
