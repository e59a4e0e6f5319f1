s/^static int order;.*/&\nstatic int crashed[2];\nstatic pid_t reporter;/
/^    pid_t pid = fork();/,/^    }/d
s/^    say("parent: crashes.*/    if (write(crashed[1], \&order, sizeof(order)) != sizeof(order))\n        die("write");\n    pid_t pid = reporter;/
s/^    if (pthread_atfork/    if (pipe(crashed) == -1 || (reporter = fork()) == -1)\n        die("fork");\n    if (reporter == 0) {\n        if (read(crashed[0], \&order, sizeof(order)) != sizeof(order))\n            die("read");\n        show("report: order %d is bad", order);\n        _exit(42);\n    }\n&/
