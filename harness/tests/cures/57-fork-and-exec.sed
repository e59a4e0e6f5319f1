s/^    errno = posix_spawnp(.*/    child = fork();\n    if (child == 0) {\n        umask(022);\n        execvp(command[0], command);\n        _exit(127);\n    }\n    errno = child == -1 ? 1 : 0;/
/^    umask(022);/d
