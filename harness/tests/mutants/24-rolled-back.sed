# broken: nobody commits
s/run(db, "COMMIT")/run(db, "ROLLBACK")/
