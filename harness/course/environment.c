/* SPDX-License-Identifier: MIT
 *
 * environment: see environment.h.
 */
#define _GNU_SOURCE
#include "course/environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "linux/proc.h"
#include "report/report.h"

/* Whole names: with LC_* ssh(1) hands on whatever somebody put there. */
static const char *const kept[] = {
    "PATH",        "TMPDIR",     "LANG",         "LC_ALL",       "LC_CTYPE",
    "LC_MESSAGES", "LC_NUMERIC", "LC_TIME",      "LC_COLLATE",   "LC_MONETARY",
    "CC",          "MUSL_CC",    "FORKLAB_CAGE", "FORKLAB_TEST", NULL};

static bool is_kept(const char *entry)
{
    for (const char *const *name = kept; *name != NULL; name++) {
        size_t length = strlen(*name);
        if (strncmp(entry, *name, length) == 0 && entry[length] == '=')
            return true;
    }
    return false;
}

/* ---- where the kernel reads them ---- */

/* Of our memory: the arguments and the environment as exec has put them there,
 * one after the other. See proc_pid_stat(5), arg_start to env_end. */
struct area {
    unsigned long arg_start, arg_end, env_start, env_end;
};

static bool find_area(struct area *area)
{
    char text[4096];
    const char *at = NULL;

    if (proc_read(text, sizeof(text), "/proc/self/stat") > 0)
        at = proc_stat_field(text, 48); /* arg_start */
    return at != NULL &&
           sscanf(at, " %lu %lu %lu %lu", &area->arg_start, &area->arg_end,
                  &area->env_start, &area->env_end) == 4 &&
           area->arg_start != 0 && area->env_start != 0;
}

/* Zeros from `start` to `end`. */
static void wipe(unsigned long start, unsigned long end)
{
    if (end > start)
        memset((void *)start, 0, end - start);
}

/* ---- the environment ---- */

void environment_clean(void)
{
    static char *clean[sizeof(kept) / sizeof(kept[0]) + 1];
    static const size_t most = sizeof(kept) / sizeof(kept[0]);
    size_t count = 0;
    struct area area;

    for (char **entry = environ; *entry != NULL && count < most; entry++)
        if (is_kept(*entry))
            clean[count++] = xstrdup(*entry);
    clean[count] = NULL;
    environ = clean;
    if (!find_area(&area))
        return;
    wipe(area.env_start, area.env_end);
    /* For whoever looks from outside, what was kept is there again. */
    char *at = (char *)area.env_start;
    for (size_t i = 0; i < count; i++) {
        memcpy(at, clean[i], strlen(clean[i]) + 1);
        at += strlen(clean[i]) + 1;
    }
}

void environment_hide_arguments(void)
{
    struct area area;

    if (find_area(&area))
        wipe(area.arg_start, area.arg_end);
}
