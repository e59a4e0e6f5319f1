# hazard: the service lets go of the pipe at its end
/FIX/,/die("\/dev\/null");/d
s/^    _exit(42);/    close(STDOUT_FILENO);\n&/
