/* SPDX-License-Identifier: MIT
 *
 * killloop: see parts.h. Kills all descendants of a process and waits for their
 * end, for the keeper and for the runner.
 */
#define _GNU_SOURCE
#include "cage/parts.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "linux/proc.h"

static bool among(const struct pids *list, pid_t pid)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->pid[i] == pid)
            return true;
    return false;
}

/* Kills the whole process group of a process, unless it is ours or has a spared
 * process in it. The kernel lets no member fork meanwhile, so this ends a fork
 * bomb that grows faster than we can read /proc. The program has a session of
 * its own: a process in another session than ours is in a group of the program.
 */
static void kill_group(pid_t pid, const struct pids *spared)
{
    pid_t group = getpgid(pid), session = getsid(pid);

    if (group <= 1 || session <= 0 || session == getsid(0))
        return;
    for (size_t i = 0; i < spared->count; i++)
        if (getpgid(spared->pid[i]) == group)
            return;
    kill(-group, SIGKILL);
}

/* SIGKILL comes first, then the list of the victim's children: a process with
 * SIGKILL pending cannot fork, so that list is final. */
void find_descendants(pid_t pid, const struct pids *spared, bool deadly,
                      struct pids *found)
{
    struct pids children = {0};

    proc_children(pid, &children);
    for (size_t i = 0; i < children.count; i++) {
        pid_t child = children.pid[i];
        if (among(spared, child))
            continue;
        pids_add(found, child);
        if (deadly) {
            kill_group(child, spared);
            kill(child, SIGKILL);
        }
        find_descendants(child, spared, deadly, found);
    }
    pids_free(&children);
}

/* ---- do the processes that are to end still run? ---- */

#define STUBBORN_MS 20000 /* after so long without running it is left alone */
#define NS_PER_MS 1000000

/* Adds the context switches of its threads to *switches. True if one of them is
 * running or runnable. */
static bool runs(pid_t pid, uint64_t *switches)
{
    static char text[1 << 20]; /* its line Groups: may be long */
    struct pids tids = {0};
    bool any = false;

    proc_threads(pid, &tids);
    for (size_t i = 0; i < tids.count; i++) {
        if (proc_read(text, sizeof(text), "/proc/%d/task/%d/status", (int)pid,
                      (int)tids.pid[i]) <= 0)
            continue;
        any |= strstr(text, "\nState:\tR") != NULL;
        *switches += proc_number(text, "\nvoluntary_ctxt_switches:") +
                     proc_number(text, "\nnonvoluntary_ctxt_switches:");
    }
    pids_free(&tids);
    return any;
}

/* A total time would be no evidence: on a busy machine a killed process may
 * wait long for a processor on which to exit. It then is runnable, and its
 * switches count up when it gets one. */
bool is_stubborn(struct patience *patience, const struct pids *found)
{
    int64_t now = clock_now();
    uint64_t switches = found->count;
    bool any = false;

    if (patience->ran == 0)
        patience->ran = now;
    if (now - patience->looked < (int64_t)LOOK_MS * NS_PER_MS)
        return false;
    for (size_t i = 0; i < found->count; i++)
        if (kill(found->pid[i], 0) == 0) /* else we may not kill it */
            any |= runs(found->pid[i], &switches);
    if (any || switches != patience->switches)
        patience->ran = now;
    patience->looked = now;
    patience->switches = switches;
    return now - patience->ran >= (int64_t)STUBBORN_MS * NS_PER_MS;
}

/* ---- the kill loop ---- */

static int by_pid(const void *a, const void *b)
{
    pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;

    return (left > right) - (left < right);
}

/* Is a process in `found` that is not in `before`? Both are sorted. */
static bool has_new(const struct pids *found, const struct pids *before)
{
    for (size_t i = 0; i < found->count; i++)
        if (before->count == 0 ||
            bsearch(&found->pid[i], before->pid, before->count, sizeof(pid_t),
                    by_pid) == NULL)
            return true;
    return false;
}

/* Reaps our children that have ended. True if we have no child left; always
 * false if there are spared ones, which must not be reaped here. */
static bool reap_all(const struct pids *found, const struct pids *spared)
{
    pid_t gone;

    for (size_t i = 0; spared->count > 0 && i < found->count; i++)
        waitpid(found->pid[i], NULL, WNOHANG | __WALL);
    if (spared->count > 0)
        return false;
    do
        gone = waitpid(-1, NULL, WNOHANG | __WALL);
    while (gone > 0);
    return gone == -1 && errno == ECHILD;
}

/* A round may miss a process whose ancestors fork and exit all the time: so
 * there is no pause while a round still finds new ones. */
int kill_descendants(const struct pids *spared)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    struct pids found = {0}, before = {0};
    struct patience patience = {0};
    bool over = false, stubborn = false;

    while (!over && !stubborn) {
        pids_free(&before);
        before = found;
        found = (struct pids){0};
        find_descendants(getpid(), spared, true, &found);
        if (found.count > 0)
            qsort(found.pid, found.count, sizeof(pid_t), by_pid);
        /* Orphans become our children: so "none" must be seen twice. */
        over = reap_all(&found, spared) ||
               (spared->count > 0 && found.count == 0 && before.count == 0);
        if (over || has_new(&found, &before))
            continue;
        stubborn = is_stubborn(&patience, &found);
        nanosleep(&pause, NULL);
    }
    int left = over ? 0 : (int)found.count;
    pids_free(&found);
    pids_free(&before);
    return left;
}
