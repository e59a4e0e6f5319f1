/^    run(db, "BEGIN IMMEDIATE");/d
s/^static void store(.*/&/
s/^    for (int i = 0; i < rows/    run(db, "BEGIN IMMEDIATE");\n&/
