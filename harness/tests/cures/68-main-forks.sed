s/^static void \*work/static int forked[2], asked[2];\n&/
s/^    pid_t pid = fork();/    pid_t pid = 0;\n    if (write(asked[1], "!", 1) != 1 || read(forked[0], \&pid, sizeof(pid)) != sizeof(pid))\n        die("ask");/
/^    if (pid == 0)/d
/^        return (void \*)do_job();/d
s/^    pthread_join(worker, NULL);/    char byte;\n    if (read(asked[0], \&byte, 1) != 1)\n        die("read");\n    pid_t pid = fork();\n    if (pid == 0)\n        _exit((int)do_job());\n    if (write(forked[1], \&pid, sizeof(pid)) != sizeof(pid))\n        die("write");\n&/
s/^    if (atexit/    if (pipe2(forked, O_CLOEXEC) == -1 || pipe2(asked, O_CLOEXEC) == -1)\n        die("pipe2");\n&/
