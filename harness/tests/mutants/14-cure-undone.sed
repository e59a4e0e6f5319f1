# hazard: the flag is set for all who share the description
s|int in = open.*|int in = fcntl(0, F_SETFL, O_NONBLOCK);|
