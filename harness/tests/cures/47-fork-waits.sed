s/^    pid_t pid = fork();/    use_library();\n&/
