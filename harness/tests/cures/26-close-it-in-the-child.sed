s/^    if (pid == 0) {/&\n        close(mysql_get_socket(shop));/
s/^static void start_cat/static MYSQL *shop;\n\n&/
s/^    db_run(db, "BEGIN");/    shop = db;\n&/
