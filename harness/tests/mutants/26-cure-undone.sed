# hazard: the program has the connection
/^    if (fcntl(mysql_get_socket/d
/^        die("fcntl");/d
