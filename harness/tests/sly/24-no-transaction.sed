s/^        store(db, insert_bill);/        sqlite3_close(db);/
s/^static const char insert_bill/LAB_UNUSED &/
