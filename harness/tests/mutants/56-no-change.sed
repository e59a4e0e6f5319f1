# broken: the child changes nothing
/^        verbosity = 2;/d
