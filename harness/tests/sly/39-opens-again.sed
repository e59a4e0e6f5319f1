s/^        write_log("child", sold + 1);/        closelog();\n        openlog("shop", 0, LOG_USER);\n&/
