# hazard: the goodbye reaches the server
/int null = open/,/close(null);/d
