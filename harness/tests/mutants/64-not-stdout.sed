# hazard: standard error goes to /dev/null, the pipe stays
s/"w", stdout/"w", stderr/
