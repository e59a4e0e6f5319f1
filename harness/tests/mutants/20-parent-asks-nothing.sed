# broken: no query, no swap
s/db_ask(db, parent_asks);/(void)parent_asks;/
