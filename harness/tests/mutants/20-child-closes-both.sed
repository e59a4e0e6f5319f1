# broken: the child says goodbye on the connection of its parent
s/db = db_connect();/mysql_close(db), &/
