s/^static int notes\[2\]/static int told[2], notes[2]/
s/^    event_make(&up);/&\n    if (pipe2(told, O_CLOEXEC) == -1)\n        die("pipe2");/
s/^    notify_ready();/    if (write(told[1], "!", 1) != 1)\n        die("write");/
s/^    _exit(waitpid/    char byte;\n    if (read(told[0], \&byte, 1) == 1)\n        notify_ready();\n&/
