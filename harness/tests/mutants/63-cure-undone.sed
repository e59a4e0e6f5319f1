# hazard: the worker stays in the server's process group
/FIX/,/die("setpgid")/s/^    if (setpgid.*/    if (0)/
