s/^        if (dup2(input, STDIN_FILENO) == -1)/        set_limit(16);\n&/
