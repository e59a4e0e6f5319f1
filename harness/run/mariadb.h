/* SPDX-License-Identifier: MIT
 *
 * mariadb: a private MariaDB server, for one run of one lab or for one run
 * after the other.
 *
 * From an empty directory to the first query in about 0.1 s, on a unix socket
 * in a directory that only this user can enter. It dies with the runner and
 * leaves no file outside its directory. It runs outside the cage: the lab is
 * its client and nothing else.
 */
#ifndef FORKLAB_MARIADB_H
#define FORKLAB_MARIADB_H

#include <stdbool.h>
#include <sys/types.h>

#include "cage/directory.h"
#include "report/report.h"

struct mariadb;

/* NULL if a server program is installed, else why not and the command that
 * installs it (static): the reason of a skip. */
const char *mariadb_missing(void);

/* Starts a server with its data in directory, which exists, is empty, has an
 * absolute path, is the caller's, and lets nobody else in. Returns NULL and
 * sets *error (the caller frees it) if it does not come up in 60 s. Must be
 * called from the main thread: the server's parent-death signal follows the
 * thread, prctl(2). */
struct mariadb *mariadb_start(const char *directory, char **error);

/* The unix socket to connect to. Labs find it in FORKLAB_MARIADB_SOCKET. */
const char *mariadb_socket(const struct mariadb *server);

/* The server's process, a child of ours; 0 for NULL. */
pid_t mariadb_pid(const struct mariadb *server);

/* Adds to list what the server itself saw of this run, as findings. Labs begin
 * each query that counts with an SQL comment that is the asker's role: parent,
 * child. For each connection that carried such queries, in the order in which
 * the connections were made, there is one of
 *
 *   [server] connection of parent
 *   [server] connection of parent and child
 *
 * (the parent first, then the others by name). Call it when the lab has ended
 * and before mariadb_stop(): it waits until the server has read all that the
 * lab has sent. */
void mariadb_findings(const struct mariadb *server, struct facts *list);

/* A server that several runs use, one after the other. Begins as {0}. */
struct mariadb_shared {
    struct mariadb *server;
    struct guarded_directory directory;
    bool tried;
};

/* The server for a run that begins now: what it has seen so far is of others.
 * It is started for the first run. NULL: it cannot be started, or something of
 * a former run is still there; then a run needs a server of its own. */
struct mariadb *mariadb_share(struct mariadb_shared *shared);

/* Ends it, and removes its directory. */
void mariadb_share_end(struct mariadb_shared *shared);

/* Ends the server, waits for it and frees *server, which may be NULL. The
 * directory's files are the caller's. */
void mariadb_stop(struct mariadb *server);

#endif
