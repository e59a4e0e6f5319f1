# hazard: the child writes to the connection of both
/^        db = db_connect();/d
