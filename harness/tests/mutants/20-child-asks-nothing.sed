# broken: no query, no swap
s/mysql_query(db, child_asks) != 0/child_asks[0] == 0/
