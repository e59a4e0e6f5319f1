# broken: the program does not get its variable
s/"VERBOSE=%s"/"QUIET=%s"/
