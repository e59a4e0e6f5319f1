/* SPDX-License-Identifier: MIT
 *
 * 26-transaction-outlives-its-owner: the owner is dead, its transaction is not.
 *
 * Hazard:  parent: Lock wait timeout exceeded; try restarting transaction
 *          parent sold one, {n-1} left
 *          [owner] killed by SIGKILL
 *          [cat] descriptor leaked
 *          [cat] exit 0
 * Safe:    parent sold one, {n-1} left
 *          [owner] killed by SIGKILL
 *          [cat] exit 0
 * Work:    program:cat
 * Number:  4711
 * Needs:   mariadb
 *
 * See 26-transaction-outlives-its-owner.md, fork(2), execve(2), fcntl(2).
 */
#include "db.h"

#include <signal.h>
#include <sys/prctl.h>

/* Starts a program that reads input until its end: a log, an agent, a mailer.
 * Returns when it runs: exec closes the last write end of running. */
static void start_cat(const int input[2])
{
    int running[2];
    char byte;

    if (pipe2(running, O_CLOEXEC) == -1)
        die("pipe2");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        if (dup2(input[0], STDIN_FILENO) != -1)
            execlp("cat", "cat", (char *)NULL);
        die("exec");
    }
    close(running[1]);
    if (read(running[0], &byte, 1) != 0)
        die("read");
}

/* Crashes in the middle of a transaction. That is no reason to worry: the
 * server rolls back what a client has not committed when its connection ends.
 */
static void own(const int input[2])
{
    call_me("owner");
    MYSQL *db = db_connect();
    /* FIX: no program that is started from here gets the connection: exec
     * closes it. The connector does not ask for that itself. */
    if (fcntl(mysql_get_socket(db), F_SETFD, FD_CLOEXEC) == -1)
        die("fcntl");
    db_run(db, "BEGIN");
    db_run(db, "UPDATE lab.stock SET teapots = 0");
    start_cat(input);
    say("owner: crashes");
    raise(SIGKILL);
}

static bool sell(MYSQL *db)
{
    if (mysql_query(db, "UPDATE lab.stock SET teapots = teapots - 1") != 0) {
        show("parent: %s", mysql_error(db));
        return false;
    }
    db_ask(db, "SELECT concat(teapots, ' left') FROM lab.stock");
    db_read(db);
    db_show("parent sold one,", db);
    return true;
}

int main(void)
{
    char stock[80] = "INSERT INTO lab.stock SELECT ";
    size_t used = strlen(stock);
    int status, input[2];

    lab_append(stock, sizeof(stock) - 1, &used, run_word("4711"));
    if (pipe2(input, O_CLOEXEC) == -1 ||
        prctl(PR_SET_CHILD_SUBREAPER, 1) == -1) /* orphans come to us */
        die("pipe2, prctl");
    MYSQL *db = db_connect();
    db_run(db, "CREATE OR REPLACE DATABASE lab");
    db_run(db, "CREATE TABLE lab.stock (teapots INT)");
    db_run(db, stock);
    mysql_close(db);

    pid_t owner = fork();
    if (owner == -1)
        die("fork");
    if (owner == 0)
        own(input);
    if (waitpid(owner, &status, 0) == -1)
        die("waitpid");
    say_end("owner", status);

    db = db_connect();
    db_run(db, "SET innodb_lock_wait_timeout = 2");
    bool sold = sell(db);
    close(input[1]); /* cat ends */
    if (wait(&status) == -1)
        die("wait");
    say_end("helper", status);
    if (!sold)
        sell(db);
    mysql_close(db);
    return 0;
}
