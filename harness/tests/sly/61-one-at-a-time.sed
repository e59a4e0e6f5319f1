s/^    while (waitpid(-1, NULL, WNOHANG) > 0)/    if (waitpid(-1, NULL, WNOHANG) > 0)/
s/^        continue;/        return;/
