/* SPDX-License-Identifier: MIT
 *
 * 20-oops-for-an-answer: two processes on one connection swap their answers.
 *
 * Hazard:  child asked for 1, got oops
 *          parent asked for oops, got 1
 *          [child] exit 42
 *          [server] connection of parent and child
 * Safe:    child asked for 1, got 1
 *          parent asked for oops, got oops
 *          [child] exit 42
 *          [server] connection of parent
 *          [server] connection of child
 * Needs:   mariadb
 *
 * See 20-oops-for-an-answer.md, fork(2), mysql_real_connect(3).
 */
#include "lab.h"

#include <mysql.h>
#include <sys/wait.h>

/* In the parent's session, where @gate is set, the child's answer waits until
 * the gate is open. Else the child may read both answers, the parent none. */
static const char parent_asks[] = "/* parent */ SELECT 'oops'";
static const char child_asks[] =
    "/* child */ SELECT 1 FROM (SELECT GET_LOCK(@gate, 5)) AS wait_here";

__attribute__((noreturn)) static void fail(MYSQL *db)
{
    say("lab: %s", mysql_error(db));
    _exit(99);
}

static MYSQL *new_connection(const char *server)
{
    MYSQL *db = mysql_init(NULL);

    if (!mysql_real_connect(db, NULL, NULL, NULL, NULL, 0, server, 0))
        fail(db);
    return db;
}

static void run(MYSQL *db, const char *query)
{
    if (mysql_query(db, query) != 0)
        fail(db);
    mysql_free_result(mysql_store_result(db));
}

static void show_answer(const char *question, MYSQL *db)
{
    MYSQL_RES *result = mysql_store_result(db);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;

    show("%s, got %s", question, row && row[0] ? row[0] : "nothing");
    mysql_free_result(result);
}

int main(void)
{
    const char *server = getenv("FORKLAB_MARIADB_SOCKET");
    int status;

    if (server == NULL) {
        say("lab: FORKLAB_MARIADB_SOCKET is not set; build/forklab run 20 sets "
            "it. A server by hand: see 20-oops-for-an-answer.md");
        return 77;
    }
    MYSQL *db = new_connection(server), *gate = new_connection(server);
    run(gate, "SELECT GET_LOCK('gate', 0)");
    run(db, "SET @gate = 'gate'");

    say("parent: asks for oops, reads later");
    if (mysql_send_query(db, parent_asks, strlen(parent_asks)) != 0)
        fail(db);
    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        say("child: asks for 1");
        if (mysql_query(db, child_asks) != 0)
            fail(db);
        show_answer("child asked for 1", db);
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    mysql_close(gate); /* opens it */
    if (mysql_read_query_result(db) != 0)
        fail(db);
    show_answer("parent asked for oops", db);
    run(db, "DO 0"); /* a cure that breaks the connection is none */
    mysql_close(db);
    return 0;
}
