s/ || write(fd, secret, 9) != 9)/)/
s/^    say("keeper: sets close-on-exec");/    if (write(fd, secret, 9) != 9)\n        die("write");\n&/
