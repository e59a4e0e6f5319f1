# broken: the worker's group is the one in the foreground
s/^    event_announce(&ready);\n    say/&/
/FIX/,/die("setpgid")/s/^        die("setpgid");/&\n    signal(SIGTTOU, SIG_IGN);\n    tcsetpgrp(open("\/dev\/tty", O_RDWR), getpid());/
