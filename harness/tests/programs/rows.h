/* SPDX-License-Identifier: MIT
 *
 * rows: a program whose modes are rows of the table of what is never proved
 * (harness/README.md), about somebody outside. `PROGRAM ROW FILE with` is what
 * runs in the cage and is helped, status 7; `without` is its twin, stuck for
 * good; `act` is the one outside; `PROGRAM list` prints the rows.
 */
#ifndef FORKLAB_ROWS_H
#define FORKLAB_ROWS_H

#include "lab.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static const char *file; /* its path */
static bool with;        /* somebody outside acts */

struct row {
    const char *name;
    void (*work)(void), (*act)(void);
};

/* FILE with this after it; one buffer, that fits the name of a socket. */
static inline const char *beside(const char *what)
{
    static char path[300];

    snprintf(path, sizeof(path), "%s%s", file, what);
    return path;
}

/* Lets the one outside begin. */
static inline void go(void)
{
    if (with && open(beside(".go"), O_CREAT | O_WRONLY | O_CLOEXEC, 0666) == -1)
        die("open");
}

/* Outside: the program has come so far. */
static inline void wait_for_go(void)
{
    fclose(fopen(beside(".ready"), "w"));
    while (access(beside(".go"), F_OK) == -1)
        usleep(10000);
}

static inline int named_socket(int type, const char *what,
                               struct sockaddr_un *name)
{
    *name = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(name->sun_path, beside(what), sizeof(name->sun_path));
    return socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
}

/* Outside: a socket with that name. */
static inline int bound_socket(int type, const char *what)
{
    struct sockaddr_un name;
    int fd = named_socket(type, what, &name);

    if (bind(fd, (struct sockaddr *)&name, sizeof(name)) == -1 ||
        chmod(name.sun_path, 0777) == -1)
        die("bind");
    return fd;
}

/* Does what argv[1] to argv[3] ask for. Returns the exit status: 2 if there is
 * no such row. `act` calls the row's. */
static inline int run_row(int argc, char **argv, const struct row *rows,
                          size_t count, void (*act)(const struct row *))
{
    const char *wanted = argc > 1 ? argv[1] : "";
    const char *part = argc > 3 ? argv[3] : "";

    file = argc > 2 ? argv[2] : "";
    with = strcmp(part, "with") == 0;
    umask(0);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(wanted, "list") == 0)
            show("%s", rows[i].name);
        if (strcmp(wanted, rows[i].name) != 0)
            continue;
        if (strcmp(part, "act") == 0)
            act(&rows[i]);
        else
            rows[i].work();
        return 0;
    }
    return strcmp(wanted, "list") == 0 ? 0 : 2;
}

#define RUN_ROW(argc, argv, rows, act)                                         \
    run_row(argc, argv, rows, sizeof(rows) / sizeof((rows)[0]), act)

#endif
