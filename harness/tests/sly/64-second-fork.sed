s/^    call_me("service");/    if (fork() != 0)\n        _exit(42);\n&/
