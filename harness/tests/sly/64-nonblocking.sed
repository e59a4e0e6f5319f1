s/^    read_all(/    fcntl(output[0], F_SETFL, O_NONBLOCK);\n&/
