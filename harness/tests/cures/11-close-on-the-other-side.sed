s/^            call_me("worker");/&/
s/^        pid_t pid = fork();/&\n        if (pid > 0)\n            close(connection);/
