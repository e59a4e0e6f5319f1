# hazard: it forks
s/^    errno = posix_spawn(.*/    pid = fork();\n    if (pid == 0) {\n        execv("\/proc\/self\/exe", words);\n        _exit(127);\n    }\n    errno = pid == -1 ? errno : 0;/
