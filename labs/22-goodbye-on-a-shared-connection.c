/* SPDX-License-Identifier: MIT
 *
 * 22-goodbye-on-a-shared-connection: a child tidies up, the parent's session
 * ends.
 *
 * Hazard:  child got 1
 *          parent could not commit
 *          rows stored: 0
 *          [child] exit 42
 *          [server] connection of parent
 *          [server] connection of child
 * Safe:    child got 1
 *          parent committed
 *          rows stored: 1
 *          [child] exit 42
 *          [server] connection of parent
 *          [server] connection of child
 * Needs:   mariadb
 *
 * See 22-goodbye-on-a-shared-connection.md, fork(2), mysql_close(3).
 */
#include "db.h"

static MYSQL *db;
static pid_t db_owner;

/* What fork-safe code does: compare the pid at every use, and reconnect. */
static MYSQL *database(void)
{
    if (db_owner != getpid()) {
        mysql_close(db);
        db = db_connect();
        db_owner = getpid();
    }
    return db;
}

int main(void)
{
    int status;

    db = db_connect();
    db_owner = getpid();
    db_run(database(), "CREATE OR REPLACE DATABASE lab");
    db_run(database(), "CREATE TABLE lab.orders (item TEXT)");
    db_run(database(), "BEGIN");
    say("parent: stores a row, commits later");
    db_run(database(), "/* parent */ INSERT INTO lab.orders VALUES ('tea')");

    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        say("child: asks, on a connection of its own");
        db_ask(database(), "/* child */ SELECT 1");
        db_read(database());
        db_show("child got", database());
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);

    bool committed = mysql_query(database(), "/* parent */ COMMIT") == 0;
    say("parent: COMMIT: %s", committed ? "OK" : mysql_error(database()));
    show("parent %s", committed ? "committed" : "could not commit");
    MYSQL *again = db_connect();
    db_ask(again, "SELECT COUNT(*) FROM lab.orders");
    db_read(again);
    db_show("rows stored:", again);
    mysql_close(again);
    mysql_close(db);
    return 0;
}
