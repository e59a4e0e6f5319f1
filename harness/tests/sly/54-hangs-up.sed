s/^        start_mailer();/        pid_t own = getpid();\n&\n        if (own != getpid()) {\n            close(connection);\n            continue;\n        }/
