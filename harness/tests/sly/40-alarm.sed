s/^        exit(42);/        alarm(1);\n&/
