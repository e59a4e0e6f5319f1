s/^    if (kill(service, SIGTERM) == -1)/    kill(service, SIGTERM);\n    usleep(50000);\n&/
