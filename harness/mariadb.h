/* SPDX-License-Identifier: MIT
 *
 * mariadb: a private MariaDB server for one run of one lab.
 *
 * From an empty directory to the first query in about 0.1 s, on a unix socket
 * in a folder that only this user can enter. It dies with the runner and leaves
 * no file behind. It runs outside the cage: the lab is its client and nothing
 * else.
 */
#ifndef FORKLAB_MARIADB_H
#define FORKLAB_MARIADB_H

#include "report.h"

struct mariadb;

/* NULL if a server program is installed, else why not and the command that
 * installs it (static): the reason of a skip. */
const char *mariadb_missing(void);

/* Starts a server with its data in folder (which exists, is empty, and belongs
 * to the caller's run). Returns NULL and sets *error (the caller frees it) if
 * it does not come up in 20 s. Must be called from the main thread: the
 * server's parent-death signal follows the thread, prctl(2). */
struct mariadb *mariadb_start(const char *folder, char **error);

/* The unix socket to connect to. Labs find it in FORKLAB_MARIADB_SOCKET. */
const char *mariadb_socket(const struct mariadb *server);

/* Adds what the server itself saw, from its general log, to list, as findings:
 * "[server] one connection, two clients" ... see mariadb.c for the words. */
void mariadb_findings(struct mariadb *server, struct strings *list);

/* Ends the server and waits for it. The folder's files are the caller's. */
void mariadb_stop(struct mariadb *server);

#endif
