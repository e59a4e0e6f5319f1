# hazard: both ask on one connection
/FIX/,/db_connect/s/db = db_connect();//
