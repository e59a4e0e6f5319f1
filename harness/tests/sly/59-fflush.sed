s/^    _exit(42);/    fflush(NULL);\n    _exit(42);/
