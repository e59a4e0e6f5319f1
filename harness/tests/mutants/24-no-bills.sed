# broken: the child stores nothing
/^        store(db, insert_bill);/d
s/^static const char insert_bill/LAB_UNUSED &/
s/^        run(db, "BEGIN IMMEDIATE");//
