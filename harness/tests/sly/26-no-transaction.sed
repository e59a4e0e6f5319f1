/^    db_run(db, "UPDATE lab.stock SET teapots = 0");/d
s/^    start_cat(input);/    (void)input;\n    raise(SIGKILL);/
s/^static void start_cat/LAB_UNUSED &/
