/* SPDX-License-Identifier: MIT
 *
 * 21-two-packets-in-one: one process's question ends up in the other's row.
 *
 * Hazard:  child's letter is stored
 *          parent got an error
 *          letter: with SELECT 12345 in it
 *          [child] exit 42
 *          [server] connection of parent and child
 * Safe:    child's letter is stored
 *          parent got 12345
 *          letter: as sent
 *          [child] exit 42
 *          [server] connection of parent
 *          [server] connection of child
 * Needs:   mariadb
 *
 * See 21-two-packets-in-one.md, fork(2), unix(7), SO_SNDBUF in socket(7).
 */
#include "db.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>

static struct event sent, go_on;

/* What follows the letter is a comment, which may be cut off. */
static void send_letter(MYSQL *db)
{
    static char letter[65536 + 1], query[65536 + 200];

    memset(letter, 'A', sizeof(letter) - 1);
    snprintf(query, sizeof(query),
             "/* child */ INSERT INTO lab.letters VALUES ('%s') -- %.60s",
             letter, letter);
    db_ask(db, query);
}

/* The wire, one packet after the other; the number in front says how long each
 * one is, so the server takes the parent's question for a part of the letter:
 *
 *   [64 KiB: INSERT .. AAAAA   [26: SELECT 12345]   AAAAAAAAAAAA]
 *    the child, until stopped   the parent           the child goes on
 *
 * The child is in its packet when the socket is full. With a connection of its
 * own it never is; then it tells when it has sent everything. */
static void wait_until_in_packet(MYSQL *db)
{
    struct pollfd room = {.fd = mysql_get_socket(db), .events = POLLOUT};
    struct pollfd done = {.fd = sent.fd[0], .events = POLLIN};

    while (poll(&room, 1, 0) == 1 && poll(&done, 1, 0) == 0)
        sched_yield();
}

int main(void)
{
    const int size = 8192;
    int status;

    MYSQL *db = db_connect(), *gate = db_connect();
    event_make(&sent);
    event_make(&go_on);
    if (setsockopt(mysql_get_socket(db), SOL_SOCKET, SO_SNDBUF, &size,
                   sizeof(size)) == -1)
        die("setsockopt");
    db_run(gate, "CREATE OR REPLACE DATABASE lab");
    db_run(gate, "CREATE TABLE lab.letters (body LONGBLOB)");
    db_run(gate, "DO GET_LOCK('gate', 0)");
    say("parent: keeps the server busy");
    db_ask(db, "/* parent */ DO GET_LOCK('gate', 5)");

    pid_t child = fork();
    if (child == -1)
        die("fork");
    if (child == 0) {
        /* FIX: the child writes to a connection of its own, so no other process
         * can write into the middle of its packet. */
        db = db_connect();
        say("child: sends a letter of 64 KiB");
        send_letter(db);
        event_announce(&sent);
        event_wait(&go_on);
        db_read(db);
        show("child's letter is stored");
        _exit(42);
    }
    wait_until_in_packet(db);
    if (kill(child, SIGSTOP) == -1 || waitpid(child, &status, WUNTRACED) == -1)
        die("kill");

    say("parent: lets the server read, and asks for 12345");
    mysql_close(gate);
    db_read(db);
    db_ask(db, "/* parent */ SELECT 12345");
    kill(child, SIGCONT);
    event_announce(&go_on);
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);

    if (mysql_read_query_result(db) == 0) {
        db_show("parent got", db);
    } else {
        say("parent: %s", mysql_error(db));
        show("parent got an error");
    }
    MYSQL *again = db_connect();
    db_ask(again, "SELECT IF(LOCATE('12345', body), 'with SELECT 12345 in it', "
                  "'as sent') FROM lab.letters");
    db_read(again);
    db_show("letter:", again);
    mysql_close(again);
    mysql_close(db);
    return 0;
}
