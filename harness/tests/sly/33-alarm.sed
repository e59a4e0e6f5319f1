s/^        show("child: %s/        alarm(1);\n&/
