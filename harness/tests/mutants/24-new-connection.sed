# broken: the child's new connection waits for the lock that its copy has
/^    run(db, "BEGIN IMMEDIATE");/d
s/^    run(db, "CREATE TABLE.*/&\n    run(db, "BEGIN IMMEDIATE");/
