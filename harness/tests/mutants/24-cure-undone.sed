# hazard: the transaction has begun before the fork
/^        db = open_shop();/d
/^ *run(db, "BEGIN IMMEDIATE");/d
s/^    run(db, "CREATE TABLE.*/&\n    run(db, "BEGIN IMMEDIATE");/
