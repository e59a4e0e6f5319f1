s/^        write_log("child", sold + 1);/        alarm(1);\n&/
