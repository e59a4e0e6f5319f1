s/^    pid_t pid = fork();/    take();\n&\n    give();/
