s/^    if (atexit(remove_file) != 0)/    if (fork() == -1)/
