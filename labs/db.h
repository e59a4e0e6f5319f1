/* SPDX-License-Identifier: MIT
 *
 * db.h: the little that the labs with a database share. The server's socket is
 * in the environment: build/forklab starts a private MariaDB and sets it. By
 * hand: see 20-oops-for-an-answer.md.
 */
#ifndef FORKLAB_DB_H
#define FORKLAB_DB_H

#include "lab.h"

#include <mysql.h>

#define DB_FAILED 99
#define DB_MISSING 77

/* What a lab needs from the server, and did not get, is no hazard. */
static inline void db_need(MYSQL *db, bool done)
{
    if (!done) {
        say("lab: %s", mysql_error(db));
        _exit(DB_FAILED);
    }
}

static inline MYSQL *db_connect(void)
{
    const char *server = getenv("FORKLAB_MARIADB_SOCKET");
    MYSQL *db = mysql_init(NULL);

    if (server == NULL) {
        say("lab: FORKLAB_MARIADB_SOCKET is not set; build/forklab run sets "
            "it. A server by hand: see 20-oops-for-an-answer.md");
        _exit(DB_MISSING);
    }
    db_need(db,
            mysql_real_connect(db, NULL, NULL, NULL, NULL, 0, server, 0) != 0);
    return db;
}

/* Sends a query, and does not wait for its answer. */
static inline void db_ask(MYSQL *db, const char *query)
{
    db_need(db, mysql_send_query(db, query, strlen(query)) == 0);
}

/* Reads the next answer that comes; db_show() shows it. */
static inline void db_read(MYSQL *db)
{
    db_need(db, mysql_read_query_result(db) == 0);
}

/* The first value of the answer that was read, as a line of evidence. */
static inline void db_show(const char *what, MYSQL *db)
{
    MYSQL_RES *result = mysql_store_result(db);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;

    show("%s %s", what, row && row[0] ? row[0] : "nothing");
    mysql_free_result(result);
}

/* Asks, and throws the answer away. */
static inline void db_run(MYSQL *db, const char *query)
{
    db_ask(db, query);
    db_read(db);
    mysql_free_result(mysql_store_result(db));
}

#endif
