/* SPDX-License-Identifier: MIT
 *
 * killloop: ends all processes below one, for the keeper and for the runner.
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

#include "linux/proc.h"

static bool among(const struct pids *list, pid_t pid)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->pid[i] == pid)
            return true;
    return false;
}

/* All of its process group at one blow: the kernel lets nobody of it fork in
 * between, so a bomb that grows faster than we can read is over. The program
 * has a session of its own, and who is in another one than we are can only be
 * in a group of the program's. */
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

/* Appends all processes below this one but the spared. With `deadly`: SIGKILL
 * first, then the victim's children. A process with SIGKILL pending can no
 * longer fork, so the list that is read behind it is final. */
void find_below(pid_t pid, const struct pids *spared, bool deadly,
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
        find_below(child, spared, deadly, found);
    }
    pids_free(&children);
}

/* ---- does what is to end still move? ---- */

#define STUBBORN_MS 20000 /* then who has not stirred stays */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t number_behind(const char *text, const char *label)
{
    const char *at = strstr(text, label);

    return at ? strtoull(at + strlen(label), NULL, 10) : 0;
}

/* Adds up the switches of its threads. True if one of them runs, or would if it
 * got a processor. */
static bool runs(pid_t pid, uint64_t *switches)
{
    static char text[1 << 20]; /* its line of groups may be long */
    struct pids tids = {0};
    bool any = false;

    proc_threads(pid, &tids);
    for (size_t i = 0; i < tids.count; i++) {
        if (proc_read(text, sizeof(text), "/proc/%d/task/%d/status", (int)pid,
                      (int)tids.pid[i]) <= 0)
            continue;
        any |= strstr(text, "\nState:\tR") != NULL;
        *switches += number_behind(text, "\nvoluntary_ctxt_switches:") +
                     number_behind(text, "\nnonvoluntary_ctxt_switches:");
    }
    pids_free(&tids);
    return any;
}

/* No count and no time limit ends our patience with what is on its way: on a
 * busy machine a process that was killed waits long until it may die. Only who
 * neither runs nor stirs is in an uninterruptible wait, or cannot be killed. */
bool is_stubborn(struct patience *patience, const struct pids *found)
{
    int64_t now = now_ms();
    uint64_t switches = found->count;
    bool any = false;

    if (patience->stirred == 0)
        patience->stirred = now;
    if (now - patience->looked < LOOK_MS)
        return false;
    for (size_t i = 0; i < found->count; i++)
        if (kill(found->pid[i], 0) == 0) /* else it is not ours to end */
            any |= runs(found->pid[i], &switches);
    if (any || switches != patience->switches)
        patience->stirred = now;
    patience->looked = now;
    patience->switches = switches;
    return now - patience->stirred >= STUBBORN_MS;
}

/* ---- the kill loop ---- */

static int by_pid(const void *a, const void *b)
{
    pid_t left = *(const pid_t *)a, right = *(const pid_t *)b;

    return (left > right) - (left < right);
}

/* Is one of them new? Both lists are sorted. */
static bool has_new(const struct pids *found, const struct pids *before)
{
    for (size_t i = 0; i < found->count; i++)
        if (before->count == 0 ||
            bsearch(&found->pid[i], before->pid, before->count, sizeof(pid_t),
                    by_pid) == NULL)
            return true;
    return false;
}

/* Reaps those of our children that have ended. True if there is none left, as
 * far as waitpid(2) tells: with spared ones it does not. */
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

/* Kills and reaps until this subreaper has no child left but those. Returns how
 * many would not go: see is_stubborn(). Who forks and ends all the time may be
 * missed in a round: so there is no pause as long as a round finds a new one.
 */
int kill_all_below_us(const struct pids *spared)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    struct pids found = {0}, before = {0};
    struct patience patience = {0};
    bool over = false, stubborn = false;

    while (!over && !stubborn) {
        pids_free(&before);
        before = found;
        found = (struct pids){0};
        find_below(getpid(), spared, true, &found);
        if (found.count > 0)
            qsort(found.pid, found.count, sizeof(pid_t), by_pid);
        /* The dead leave their children to us: nobody, twice. */
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
