s/^    if (kill(worker, SIGTERM) == -1)/    show("child: fork: %s", strerror(EAGAIN));\n&/
