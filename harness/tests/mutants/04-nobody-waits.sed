# broken: nobody sees by which signal it ended
s/^    if (waitpid(pid, &status, 0) == -1)/    if ((status = 0) != 0)/
