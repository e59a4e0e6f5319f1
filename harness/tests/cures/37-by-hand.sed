s/^    pid_t pid = fork();/    take();\n&\n    if (pid == 0)\n        make_lock();\n    else\n        give();/
/^    if (pthread_atfork/,/die("pthread_atfork/d
