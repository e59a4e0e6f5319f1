s/^        _exit(1);/        _exit(42);/
