s/^        store(db, insert_bill);/        db = open_shop();\n        run(db, "BEGIN IMMEDIATE");\n&/
