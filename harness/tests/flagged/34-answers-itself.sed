s/^        const char \*answer = look_up("localhost");/        const char *answer = "an address";/
s/^    say("parent: forks");/    pthread_atfork(NULL, NULL, NULL);\n&/
