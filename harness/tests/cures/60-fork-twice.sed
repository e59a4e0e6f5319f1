s/^        if (pid == 0) {/        if (pid == 0) {\n            if (fork() != 0)\n                _exit(0);/
s/^        close(connection);/&\n        waitpid(pid, NULL, 0);/
