s/^        if (dup2(input, STDIN_FILENO) != -1)/        signal(SIGTERM, SIG_DFL);\n&/
