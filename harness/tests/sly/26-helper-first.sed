s/^    db_run(db, "SET innodb.*/&\n    close(input[1]);/
s/^    close(input\[1\]);.*//
