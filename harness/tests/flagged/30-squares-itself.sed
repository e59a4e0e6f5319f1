/^static int square/,/^}/s/^{/{\n    if (first != 0 \&\& getpid() != first)\n        return of * of;/
s/^static int square(int of)/static pid_t first;\n\n&/
s/^    open_pool();/    first = getpid();\n&/
