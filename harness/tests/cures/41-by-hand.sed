s/^        show_result("child");/        started = false;\n&/
