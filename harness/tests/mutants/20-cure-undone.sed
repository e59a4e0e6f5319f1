# hazard: both ask on one connection
/FIX/,/new_connection/s/db = new_connection(server);//
