# hazard: a hook before exec would need fork, and so does this
s/^    errno = posix_spawn(.*/    pid = _Fork();\n    if (pid == 0)\n        _exit(execv("\/proc\/self\/exe", words));\n    errno = pid == -1 ? errno : 0;/
