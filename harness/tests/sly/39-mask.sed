s/^        write_log("child", sold + 1);/        setlogmask(0);\n&/
