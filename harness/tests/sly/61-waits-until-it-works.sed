s/^    if (waitpid(job, &status, 0) == -1)/    while (waitpid(job, \&status, 0) == -1 \&\& errno == EINTR)\n        continue;\n    if (errno != 0)/
