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
#include "db.h"

/* In the parent's session, where @gate is set, the child's answer waits until
 * the gate is open. Else the child may read both answers, the parent none. */
static const char parent_asks[] = "/* parent */ SELECT 'oops'";
static const char child_asks[] =
    "/* child */ SELECT 1 FROM (SELECT GET_LOCK(@gate, 5)) AS wait_here";

int main(void)
{
    int status;

    MYSQL *db = db_connect(), *gate = db_connect();
    db_run(gate, "SELECT GET_LOCK('gate', 0)");
    db_run(db, "SET @gate = 'gate'");

    say("parent: asks for oops, reads later");
    db_ask(db, parent_asks);
    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        say("child: asks for 1");
        db_ask(db, child_asks);
        db_read(db);
        db_show("child asked for 1, got", db);
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    mysql_close(gate); /* opens it */
    db_read(db);
    db_show("parent asked for oops, got", db);
    db_run(db, "DO 0"); /* a cure that breaks the connection is none */
    mysql_close(db);
    return 0;
}
