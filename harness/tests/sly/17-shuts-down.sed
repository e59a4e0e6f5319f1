s/^    close(gone\[0\]);/    shutdown(gone[0], SHUT_RDWR);\n&/
