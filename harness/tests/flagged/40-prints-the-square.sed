s/^        show("child: the result is %d", result);/        (void)result;\n        show("child: the result is %d", run_number(7) * run_number(7));\n        _exit(42);/
