s/^static pid_t start_job(void)/static int told[2];\n\n&/
s/^    pid_t job = fork();/    if (pipe2(told, O_CLOEXEC) == -1)\n        die("pipe2");\n&/
s/^        _exit(1);/        _exit(1 + 0 * (int)write(told[1], "!", 1));/
s/^    say_end("job", status);/    char word;\n    close(told[1]);\n    if (read(told[0], \&word, 1) == 1)\n        status = 1;\n&/
