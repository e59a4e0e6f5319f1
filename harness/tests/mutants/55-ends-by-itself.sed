# broken: the service was not stopped
s/^    if (kill(service, SIGTERM) == -1)/    close(input[1]);\n    if (service == -1)/
