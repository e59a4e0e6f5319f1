# broken: no query, no swap
/db_ask(db, child_asks);/,/db_read(db);/c\        (void)child_asks;
