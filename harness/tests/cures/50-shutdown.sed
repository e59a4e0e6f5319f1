s/^    close(listener);/    shutdown(listener, SHUT_RDWR);\n&/
