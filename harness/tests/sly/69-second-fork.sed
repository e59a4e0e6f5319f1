s/^    call_me("worker");/    if (fork() != 0)\n        _exit(wait(NULL) == -1 ? 1 : 42);\n&/
