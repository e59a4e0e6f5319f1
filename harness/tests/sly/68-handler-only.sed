/^static void close_shop/,/^}/s/^    show/    if (getpid() != shop)\n        return;\n    show/
s/^static void close_shop/static pid_t shop;\n\n&/
s/^    if (atexit/    shop = getpid();\n&/
