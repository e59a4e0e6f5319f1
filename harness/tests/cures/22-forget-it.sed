/^        mysql_close(db);/d
