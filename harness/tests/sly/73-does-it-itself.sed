s/^        show("program: helper %s: %s", number,/        help(number);\n    if (pid == -2)\n&/
s/^static size_t all_memory/__attribute__((noreturn)) static void help(const char *number);\n\n&/
