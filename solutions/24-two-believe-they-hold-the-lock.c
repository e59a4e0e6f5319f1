/* SPDX-License-Identifier: MIT
 *
 * 24-two-believe-they-hold-the-lock: two processes commit one transaction, and
 * both hear OK.
 *
 * Hazard:  parent committed {n} orders
 *          child committed {n} bills
 *          orders: 0, bills: {n}
 *          integrity check: not ok
 *          [child] exit 42
 * Safe:    parent committed {n} orders
 *          child committed {n} bills
 *          orders: {n}, bills: {n}
 *          integrity check: ok
 *          [child] exit 42
 * Number:  20
 * Needs:   sqlite3
 *
 * See 24-two-believe-they-hold-the-lock.md, fork(2), fcntl(2).
 */
#include "lab.h"

#include <sqlite3.h>
#include <sys/wait.h>

static char path[] = "/tmp/shop.XXXXXX";
static struct event committed;
static int rows;

static const char insert_order[] =
    "INSERT INTO orders VALUES ('order' || hex(zeroblob(1000)))";
static const char insert_bill[] =
    "INSERT INTO bills VALUES ('bill' || hex(zeroblob(1000)))";
static const char look[] =
    "SELECT 'orders: ' || (SELECT count(*) FROM orders WHERE item LIKE 'o%') ||"
    " ', bills: ' || (SELECT count(*) FROM bills WHERE item LIKE 'b%');"
    "SELECT 'integrity check: ' || iif(integrity_check = 'ok', 'ok', 'not ok')"
    " FROM pragma_integrity_check LIMIT 1";

static int show_row(void *unused LAB_UNUSED, int columns LAB_UNUSED,
                    char **values, char **names LAB_UNUSED)
{
    show("%s", values[0]);
    return 0;
}

/* What SQLite refuses here is no hazard: the statements are right. */
static void run(sqlite3 *db, const char *statements)
{
    if (sqlite3_exec(db, statements, show_row, NULL, NULL) != SQLITE_OK) {
        say("lab: %s", sqlite3_errmsg(db));
        _exit(99);
    }
}

static sqlite3 *open_shop(void)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        die("sqlite3_open");
    run(db, "PRAGMA synchronous = OFF"); /* nobody pulls the plug here */
    return db;
}

/* What is left of a transaction: rows, 2 kB each, and its end. */
static void store(sqlite3 *db, const char *insert)
{
    for (int i = 0; i < rows; i++)
        run(db, insert);
    run(db, "COMMIT");
}

int main(void)
{
    int status;

    rows = run_number(20);
    event_make(&committed);
    if (mkstemp(path) == -1)
        die("mkstemp");
    sqlite3 *db = open_shop();
    run(db, "CREATE TABLE orders (item); CREATE TABLE bills (item)");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        event_wait(&committed);
        db = open_shop();
        run(db, "BEGIN IMMEDIATE");
        store(db, insert_bill);
        show("child committed %d bills", rows);
        _exit(42);
    }
    /* FIX: a transaction for each process, begun after fork(), and for the
     * child a connection of its own: SQLite's locks belong to the process. */
    run(db, "BEGIN IMMEDIATE");
    store(db, insert_order);
    show("parent committed %d orders", rows);
    event_announce(&committed);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    sqlite3_close(db);

    db = open_shop();
    run(db, look);
    sqlite3_close(db);
    unlink(path);
    return 0;
}
