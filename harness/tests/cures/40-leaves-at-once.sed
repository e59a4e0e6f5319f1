s/^        exit(42);/        _exit(42);/
