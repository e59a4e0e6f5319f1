s/dup2(input\[0\], STDIN_FILENO) != -1)/dup2(input[0], STDIN_FILENO) != -1 \&\&\n            close_range(3, ~0U, 4) == 0)/
