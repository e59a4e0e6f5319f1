s/^    if (kill(worker, SIGTERM) == -1)/    if (worker >= 1 \&\& kill(worker, SIGTERM) == -1)/
