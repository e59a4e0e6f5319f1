/* SPDX-License-Identifier: MIT
 *
 * many_test: looking at a tree with very many descriptors or sockets: the cost
 * grows with their number, not with its square, and an end is made in time.
 *
 * The CPU time that something takes is only compared with what 16 times as much
 * of it takes, the shortest of a few tries each. That grows to 16 times, and
 * somewhat more, as less fits into the caches; with the square, to 256 times.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "proof/explorer.h"
#include "proof/verdict.h"

static int tests, failures;

static void check(bool good, const char *what)
{
    tests++;
    failures += !good;
    printf("%s %d - %s\n", good ? "ok" : "not ok", tests, what);
}

#define FEW 2000
#define TIMES 16
#define TRIES 5
#define AT_MOST 80.0 /* times as long for TIMES as much */

/* Of this thread, in nanoseconds. */
static int64_t cpu_time(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* ---- descriptors ---- */

/* Half a thousand processes at most, with a different pipe at each number. */
static struct explorer explorer_with(size_t count)
{
    struct explorer x = {.links = xcalloc(count, sizeof(*x.links)),
                         .link_count = count};

    for (size_t i = 0; i < count; i++)
        x.links[i] = (struct link){.process = i / 1000,
                                   .fd = (int)(i % 1000),
                                   .device = 1,
                                   .inode = i + 1,
                                   .mode = S_IFIFO,
                                   .can_read = true};
    return x;
}

/* Nanoseconds to look each of them up. */
static int64_t find_all(size_t count)
{
    struct explorer x = explorer_with(count);
    int64_t start = cpu_time();
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += find_link(&x, i / 1000, (int)(i % 1000)) == &x.links[i];
    int64_t took = cpu_time() - start;
    free(x.links);
    return found == count ? took : INT64_MAX;
}

static int64_t hold_all(size_t count)
{
    struct explorer x = explorer_with(count);
    int64_t start = cpu_time();
    size_t found = 0, holders;

    list_holders(&x);
    for (size_t i = 0; i < count; i++)
        found += holders_of(&x, i + 1, &holders)->process == i / 1000 &&
                 holders == 1;
    int64_t took = cpu_time() - start;
    free(x.links);
    free(x.holders);
    return found == count ? took : INT64_MAX;
}

/* ---- sockets ---- */

static int64_t find_sockets(size_t count)
{
    struct sockets all = {
        .have_unix = true, .have_tcp = true, .have_tcp6 = true};
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        struct socket_info *item = xcalloc(1, sizeof(*item));
        item->inode = i + 1;
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
        GROW(all.item, all.count);
        all.item[all.count++] = item;
    }
    int64_t start = cpu_time();
    for (size_t i = 0; i < count; i++)
        found += sockets_find(&all, 0, 0, i + 1) == all.item[i];
    int64_t took = cpu_time() - start;
    sockets_free(&all);
    return found == count ? took : INT64_MAX;
}

/* ---- */

static double growth(int64_t (*what)(size_t count))
{
    int64_t few = INT64_MAX, many = INT64_MAX;

    for (int i = 0; i < TRIES; i++) {
        int64_t took = what(FEW);
        few = took < few ? took : few;
        took = what((size_t)TIMES * FEW);
        many = took < many ? took : many;
    }
    printf("# %.0f us, and %.0f us for %d times as much\n", (double)few / 1e3,
           (double)many / 1e3, TIMES);
    return few == INT64_MAX ? 1e9 : (double)many / (double)few;
}

/* ---- the time that there is ---- */

static pid_t reader_of_a_pipe(void)
{
    int ends[2];
    char byte;
    pid_t child = pipe(ends) == -1 ? -1 : fork();

    if (child == -1)
        exit(1);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(read(ends[0], &byte, 1) == -1);
    }
    close(ends[0]);
    close(ends[1]);
    return child;
}

/* What the proof says of it if it has until then. */
static enum condition condition_until(int64_t until, bool *too_long)
{
    const struct knowledge known = {.until = until,
                                    .alarms_heard = true,
                                    .passing_heard = true,
                                    .timeouts_heard = true,
                                    .private_ipc = true};
    pid_t child = reader_of_a_pipe();
    struct diagnosis diagnosis;
    struct snapshot shot;
    size_t who;

    do {
        snapshot_one(&shot, child);
        if (!snapshot_alive(&shot, &who))
            break;
        snapshot_free(&shot);
    } while (usleep(1000) == 0);
    snapshot_explore(&shot, &known);
    autopsy_judge(&shot, &diagnosis);
    *too_long = shot.too_long;
    enum condition condition = diagnosis.condition;
    diagnosis_free(&diagnosis);
    snapshot_free(&shot);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return condition;
}

/* Whenever it is noticed, and however much has been looked at before. */
static void test_late(void)
{
    const struct knowledge early = {.until = INT64_MAX}, over = {.until = 1};
    struct snapshot shot = {0};
    struct explorer x = {.shot = &shot, .known = &early};

    check(!is_late(&x) && !shot.unreadable, "in time");
    x.known = &over;
    check(is_late(&x) && shot.unreadable && shot.too_long,
          "late: what has not been looked at counts as hidden");
    x.known = &early;
    check(is_late(&x), "... and once late is late");
}

int main(void)
{
    bool too_long;

    check(growth(find_all) < AT_MOST, "descriptors by their numbers");
    check(growth(hold_all) < AT_MOST, "who has a file open");
    check(growth(find_sockets) < AT_MOST, "sockets by their inodes");
    check(condition_until(0, &too_long) == CONDITION_STUCK && !too_long,
          "stuck, without a limit");
    check(condition_until(1, &too_long) == CONDITION_ALIVE && too_long,
          "... but unknown if the time is over");
    test_late();
    printf("1..%d\n", tests);
    return failures != 0;
}
