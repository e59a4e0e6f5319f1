# hazard: a lock that two can have (of a file that is open for both)
s/F_WRLCK/F_RDLCK/
