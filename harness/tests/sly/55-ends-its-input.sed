s/^    if (kill(service, SIGTERM) == -1)/    close(input[1]);\n&/
