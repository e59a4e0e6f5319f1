# hazard: the child sets the variable itself
s/execle(.*/(void)variables, setenv("VERBOSE", "1", 1), execl("\/bin\/sh", "sh", "-c", command, NULL);/
