/* SPDX-License-Identifier: MIT
 *
 * modes: a program that has many modes; `PROGRAM MODE` is one of them, and
 * `PROGRAM list` prints their names. It takes nothing from lab.h, which imports
 * syscall(2): who may reach into other processes is told by what they import.
 */
#ifndef FORKLAB_MODES_H
#define FORKLAB_MODES_H

#include <stddef.h>
#include <string.h>
#include <unistd.h>

struct mode {
    const char *name;
    void (*work)(void);
};

/* Does what argv[1] asks for. Returns the exit status: 2 if there is no such
 * mode. */
static inline int run_mode(char **argv, const struct mode *modes, size_t count)
{
    const char *wanted = argv[1] ? argv[1] : "";

    for (size_t i = 0; i < count; i++) {
        if (strcmp(wanted, "list") == 0 &&
            (write(1, modes[i].name, strlen(modes[i].name)) == -1 ||
             write(1, "\n", 1) == -1))
            return 1;
        if (strcmp(wanted, modes[i].name) == 0) {
            modes[i].work();
            return 0;
        }
    }
    return strcmp(wanted, "list") == 0 ? 0 : 2;
}

#define RUN_MODE(argv, modes)                                                  \
    run_mode(argv, modes, sizeof(modes) / sizeof((modes)[0]))

#endif
