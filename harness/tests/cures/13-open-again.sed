s/^        if (read(fd, text, 3) != 3)/        char path[40];\n        snprintf(path, sizeof(path), "\/proc\/self\/fd\/%d", fd);\n        fd = open(path, O_RDONLY);\n        if (lseek(fd, 3, SEEK_SET) == -1)\n            die("lseek");\n&/
s/^#include "lab.h"/&\n#include <stdio.h>/
