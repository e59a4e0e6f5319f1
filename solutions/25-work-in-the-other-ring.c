/* SPDX-License-Identifier: MIT
 *
 * 25-work-in-the-other-ring: the parent is told of its child's work, and its
 * own is never done.
 *
 * Hazard:  parent hears of 0 orders, {n} bills
 *          child hears of 0 orders, 0 bills
 *          orders: 0, bills: {n}
 *          [child] exit 42
 * Safe:    parent hears of {n} orders, 0 bills
 *          child hears of 0 orders, {n} bills
 *          orders: {n}, bills: {n}
 *          [child] exit 42
 * Number:  20
 *
 * See 25-work-in-the-other-ring.md, fork(2), io_uring(7), io_uring_enter(2).
 */
#include "lab.h"
#include "ring.h"

#include <sys/stat.h>
#include <sys/wait.h>

static struct event child_submitted, parent_done;
static struct ring ring;
static int rows;

/* A file without a name: one byte for each row. */
static int new_file(void)
{
    char path[] = "/tmp/rows.XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC);

    if (fd == -1 || unlink(path) == -1)
        die("mkostemp, unlink");
    return fd;
}

static int rows_in(int fd)
{
    struct stat file;

    if (fstat(fd, &file) == -1)
        die("fstat");
    return (int)file.st_size;
}

/* Returns when there are as many completions as requests. */
static void store(const char *who, int fd, const char *row)
{
    for (int i = 0; i < rows; i++)
        ring_write(&ring, fd, row, (unsigned)i);
    int taken = ring_submit(&ring);
    say("%s: the kernel took %d of %d requests", who, taken, rows);
}

/* What the completions say has been written. */
static void hear(const char *who)
{
    int orders = 0, bills = 0;
    const char *row;

    while ((row = ring_take(&ring)) != NULL)
        *row == 'o' ? orders++ : bills++;
    show("%s hears of %d orders, %d bills", who, orders, bills);
}

int main(void)
{
    int status;

    rows = run_number(20);
    event_make(&child_submitted);
    event_make(&parent_done);
    int orders = new_file(), bills = new_file();
    ring_make(&ring);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        /* FIX: a ring of its own. Of the inherited one the queues are shared
         * memory, and the notes on them a copy that is soon out of date. */
        ring_make(&ring);
        store("child", bills, "b");
        event_announce(&child_submitted);
        event_wait(&parent_done);
        hear("child");
        _exit(42);
    }
    event_wait(&child_submitted);
    store("parent", orders, "o");
    hear("parent");
    event_announce(&parent_done);
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    show("orders: %d, bills: %d", rows_in(orders), rows_in(bills));
    return 0;
}
