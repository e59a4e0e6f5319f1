s/^    pid_t pid = fork();/    static int once;\n    if (once++ > 0)\n        return;\n&/
