s/^    run(db, "BEGIN IMMEDIATE");/    sqlite3_close(db);/
s/^        event_wait(&committed);/&\n        db = open_shop();\n        run(db, "BEGIN IMMEDIATE");/
s/^    store(db, insert_order);/    db = open_shop();\n    run(db, "BEGIN IMMEDIATE");\n&/
