s/^        count_it(fd\[0\]);/        if (dup2(fd[0], 0) == -1 || close_range(3, ~0U, 0) == -1)\n            _exit(1);\n        count_it(0);/
s/^    close(fd\[0\]);/    close(fd[1]);\n&/
