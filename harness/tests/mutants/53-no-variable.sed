# broken: the program does not get its variable
s/"VERBOSE=1"/"QUIET=1"/
