# broken: nothing is left to sell
s/^    say("owner: crashes");/    db_run(db, "COMMIT");\n&/
