s/^    call_me("worker");/    pid_t pid = fork();\n    if (pid > 0)\n        _exit(waitpid(pid, NULL, 0) == pid ? 42 : 1);\n&/
