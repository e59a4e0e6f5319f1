s/^    if (fcntl(STDIN_FILENO, F_GETFL) & O_ASYNC)/    fcntl(STDIN_FILENO, F_SETFL, 0);\n    if (0)\n        close(fd[0]);\n&/
