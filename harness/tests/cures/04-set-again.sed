s/^        say("child: ends itself by SIGTERM");/        my_pid = getpid();\n&/
