# broken: what the child calls is not safe there
s/^        show("report/        take();\n&/
