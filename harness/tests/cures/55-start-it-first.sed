s/^    sigset_t stop;/&\n\n    if (pipe2(input, O_CLOEXEC) == -1)\n        die("pipe2");\n    pid_t service = start_service(input[0]);/
s/ || pipe2(input, O_CLOEXEC) == -1)$/)/
s/^    pid_t service = start_service(input\[0\]);$/    (void)service;/
