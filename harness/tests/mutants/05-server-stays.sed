# broken: the server waits for its child, so its pid is never free
s/^    make_secret("server");/    wait(NULL);\n&/
