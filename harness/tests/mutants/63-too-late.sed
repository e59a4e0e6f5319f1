# hazard: the worker leaves the group when the key has been typed
/FIX/,/die("setpgid")/s/^    if (setpgid.*/    if (0)/
s/^    event_wait(&typed);/&\n    setpgid(0, 0);/
