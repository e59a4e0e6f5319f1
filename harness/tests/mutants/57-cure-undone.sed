# hazard: the umask is that of the process
s/^    event_announce(&started);/    umask(022);\n&/
