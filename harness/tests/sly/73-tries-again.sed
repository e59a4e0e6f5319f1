s/^    pid_t pid = fork();/&\n    for (int i = 0; pid == -1 \&\& i < 100; i++)\n        pid = fork();/
