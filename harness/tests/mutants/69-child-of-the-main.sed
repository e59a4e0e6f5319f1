# broken: another child says it
s/^    notify_ready();/    if (fork() == 0) {\n        notify_ready();\n        _exit(0);\n    }/
