# broken: no query, no swap
s/mysql_send_query(db, parent_asks, strlen(parent_asks)) != 0/parent_asks[0] == 0/
