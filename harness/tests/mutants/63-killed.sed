# broken: the worker does not handle the signal, and is killed
/FIX/,/die("setpgid")/s/^    if (setpgid.*/    signal(SIGINT, SIG_DFL);\n    if (0)/
