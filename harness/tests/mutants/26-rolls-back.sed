# broken: the owner ends in good order
s/^    raise(SIGKILL);/    db_run(db, "ROLLBACK");\n    _exit(42);/
