s/^        say("child: wants lock");/        _exit(42);\n&/
