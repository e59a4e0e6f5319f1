/^static void start_mailer/,/^}/{
s/^    pid_t pid = fork();/    int told[2], error;\n\n    if (pipe2(told, O_CLOEXEC) == -1)\n        die("pipe2");\n    pid_t pid = fork();/
s/^        say("server: %s: error %d", MAILER, errno);/        error = errno;\n        _exit(write(told[1], \&error, sizeof(error)) == -1 ? 126 : 127);/
s/^    }$/    }\n    close(told[1]);\n    if (read(told[0], \&error, sizeof(error)) > 0)\n        say("server: %s: error %d", MAILER, error);\n    close(told[0]);/
}
