/^    store(db, insert_order);/d
s/^    run(db, "BEGIN IMMEDIATE");/&\n    store(db, insert_order);\n    sqlite3_close(db);/
s/^        store(db, insert_bill);/        db = open_shop();\n        run(db, "BEGIN IMMEDIATE");\n&/
s/^    event_announce(&committed);/    db = open_shop();\n&/
