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
#include "lab.h"

#include <mysql.h>
#include <sys/wait.h>

static MYSQL *db;
static pid_t db_owner;

__attribute__((noreturn)) static void fail(MYSQL *connection)
{
    say("lab: %s", mysql_error(connection));
    _exit(99);
}

static MYSQL *new_connection(void)
{
    const char *server = getenv("FORKLAB_MARIADB_SOCKET");
    MYSQL *connection = mysql_init(NULL);

    if (!mysql_real_connect(connection, NULL, NULL, NULL, NULL, 0, server, 0))
        fail(connection);
    return connection;
}

/* What fork-safe code does: compare the pid at every use, and reconnect. */
static MYSQL *database(void)
{
    if (db_owner != getpid()) {
        /* FIX: /dev/null takes the socket's place in this process, so nothing
         * that mysql_close() says can reach the server. */
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null == -1 || dup3(null, mysql_get_socket(db), O_CLOEXEC) == -1)
            die("dup3");
        close(null);
        mysql_close(db);
        db = new_connection();
        db_owner = getpid();
    }
    return db;
}

static void run(MYSQL *connection, const char *query)
{
    if (mysql_query(connection, query) != 0)
        fail(connection);
}

static void show_answer(const char *what, MYSQL *connection)
{
    MYSQL_RES *result = mysql_store_result(connection);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;

    show("%s %s", what, row && row[0] ? row[0] : "nothing");
    mysql_free_result(result);
}

int main(void)
{
    int status;

    if (getenv("FORKLAB_MARIADB_SOCKET") == NULL) {
        say("lab: FORKLAB_MARIADB_SOCKET is not set; build/forklab run 22 sets "
            "it. A server by hand: see 20-oops-for-an-answer.md");
        return 77;
    }
    db = new_connection();
    db_owner = getpid();
    run(database(), "CREATE OR REPLACE DATABASE lab");
    run(database(), "CREATE TABLE lab.orders (item TEXT)");
    run(database(), "BEGIN");
    say("parent: stores a row, commits later");
    run(database(), "/* parent */ INSERT INTO lab.orders VALUES ('tea')");

    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        say("child: asks, on a connection of its own");
        run(database(), "/* child */ SELECT 1");
        show_answer("child got", database());
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);

    bool committed = mysql_query(database(), "/* parent */ COMMIT") == 0;
    say("parent: COMMIT: %s", committed ? "OK" : mysql_error(database()));
    show("parent %s", committed ? "committed" : "could not commit");
    MYSQL *again = new_connection();
    run(again, "SELECT COUNT(*) FROM lab.orders");
    show_answer("rows stored:", again);
    mysql_close(again);
    mysql_close(db);
    return 0;
}
