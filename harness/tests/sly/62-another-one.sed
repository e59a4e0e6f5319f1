s/^    say_end("worker", status);/&\n    if (WIFSIGNALED(status))\n        show("child: %d squared is %d", number, number * number);/
