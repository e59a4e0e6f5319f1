s/^        show("child read/        lseek(fd, -3, SEEK_CUR);\n&/
