# broken: the server ends instead of serving
s/^    serve(listener);/    close(listener);\n    _exit(0);/
