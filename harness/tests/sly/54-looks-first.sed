/^static void start_mailer/,/^}/s/^    pid_t pid = fork();$/    if (access(MAILER, X_OK) == -1 \&\& errno == ENOENT) {\n        say("server: no mailer");\n        return;\n    }\n&/
