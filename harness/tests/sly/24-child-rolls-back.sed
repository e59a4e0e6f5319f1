s/^        store(db, insert_bill);/        run(db, "ROLLBACK");/
s/^static const char insert_bill/LAB_UNUSED &/
