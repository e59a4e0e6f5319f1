s/^        audit("child");/        purse = 2 * run_number(1000) - savings;\n&/
