s/^        execl("/        close_range(3, ~0U, 0);\n&/
