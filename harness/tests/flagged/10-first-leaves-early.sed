s/^        say("customers: the second one says hello");/        close(first);\n&/
