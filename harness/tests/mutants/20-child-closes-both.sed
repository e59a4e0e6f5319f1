# broken: the child says goodbye on the connection of its parent
s/db = new_connection(server);/mysql_close(db), &/
