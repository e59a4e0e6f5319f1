/* SPDX-License-Identifier: MIT
 *
 * descriptors: which process has which descriptors open, see explorer.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "linux/proc.h"
#include "proof/explorer.h"

pid_t living_tid(const struct explorer *x, size_t process)
{
    const struct process_shot *shot = &x->shot->process[process];

    return shot->thread_count > 0 ? x->shot->thread[shot->first_thread].tid
                                  : shot->pid;
}

/* ---- one descriptor ---- */

/* "pipe:[123]": the inode of what has no name, by the text of its link; 0 if it
 * is something else. */
static ino_t inode_of_text(const char *target, const char *kind)
{
    size_t length = strlen(kind);

    return strncmp(target, kind, length) == 0
               ? strtoul(target + length, NULL, 10)
               : 0;
}

/* The mode of the link itself tells how the file was opened: proc(5). */
static bool read_rights(int directory, const char *name, struct link *link)
{
    struct stat itself;

    if (fstatat(directory, name, &itself, AT_SYMLINK_NOFOLLOW) == -1)
        return false;
    link->can_read = (itself.st_mode & S_IRUSR) != 0;
    link->can_write = (itself.st_mode & S_IWUSR) != 0;
    return true;
}

static bool read_file(int directory, const char *name, struct link *link)
{
    struct stat info;

    if (fstatat(directory, name, &info, 0) == -1)
        return false;
    link->device = info.st_dev;
    link->inode = info.st_ino;
    link->mode = info.st_mode;
    return read_rights(directory, name, link);
}

/* Most descriptors are of pipes and sockets: their link has all that is to be
 * known, but for the device, which all of a kind have in common. */
static bool read_kind(struct explorer *x, int directory, const char *name,
                      struct link *link)
{
    ino_t pipe = inode_of_text(link->target, "pipe:[");
    ino_t socket = inode_of_text(link->target, "socket:[");

    if (pipe != 0 && x->pipes != 0) {
        link->device = x->pipes;
        link->inode = pipe;
        link->mode = S_IFIFO;
        return read_rights(directory, name, link);
    }
    if (socket != 0 && x->sockets_device != 0) {
        link->device = x->sockets_device;
        link->inode = socket;
        link->mode = S_IFSOCK;
        link->can_read = link->can_write = true;
        return true;
    }
    bool known = read_file(directory, name, link);
    if (known && pipe != 0)
        x->pipes = link->device;
    if (known && socket != 0)
        x->sockets_device = link->device;
    return known;
}

bool read_link(struct explorer *x, int directory, int fd, struct link *link)
{
    char name[16];

    *link = (struct link){.fd = fd};
    snprintf(name, sizeof(name), "%d", fd);
    ssize_t length =
        readlinkat(directory, name, link->target, sizeof(link->target) - 1);
    if (length == -1)
        return false;
    link->target[length] = '\0';
    return read_kind(x, directory, name, link);
}

static void add_link(struct explorer *x, int directory, size_t process, int fd)
{
    struct link link;

    if (!read_link(x, directory, fd, &link))
        return;
    link.process = process;
    GROW(x->links, x->link_count);
    x->links[x->link_count++] = link;
}

bool link_read(pid_t tid, int fd, struct link *link)
{
    char path[64];

    *link = (struct link){.fd = fd};
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
    return readlink(path, link->target, sizeof(link->target) - 1) > 0 &&
           read_file(AT_FDCWD, path, link);
}

bool link_same(const struct link *a, const struct link *b)
{
    return a->device == b->device && a->inode == b->inode &&
           a->mode == b->mode && a->can_read == b->can_read &&
           a->can_write == b->can_write && strcmp(a->target, b->target) == 0;
}

/* ---- all of them ---- */

bool is_late(struct explorer *x)
{
    if (!x->late && x->known->until != 0 && clock_now() > x->known->until)
        x->late = x->shot->unreadable = x->shot->too_long = true;
    return x->late;
}

static void list_process(struct explorer *x, size_t process)
{
    struct pids numbers = {0};
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)living_tid(x, process));
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory == -1)
        return;
    proc_descriptors(living_tid(x, process), &numbers);
    for (size_t k = 0; k < numbers.count; k++) {
        if (k % 64 == 0 && is_late(x))
            break;
        add_link(x, directory, process, numbers.pid[k]);
    }
    pids_free(&numbers);
    close(directory);
}

static int compare_files(const struct holder *a, const struct holder *b)
{
    if (a->inode != b->inode)
        return a->inode < b->inode ? -1 : 1;
    return (a->device > b->device) - (a->device < b->device);
}

static int compare_holders(const void *left, const void *right)
{
    const struct holder *a = left, *b = right;
    int order = compare_files(a, b);

    return order ? order
                 : (a->process > b->process) - (a->process < b->process);
}

/* One holder for each descriptor; then those of a file and process become one.
 */
void list_holders(struct explorer *x)
{
    size_t kept = 0;

    x->holders = xcalloc(x->link_count + 1, sizeof(*x->holders));
    for (size_t i = 0; i < x->link_count; i++)
        x->holders[i] = (struct holder){.inode = x->links[i].inode,
                                        .device = x->links[i].device,
                                        .mode = x->links[i].mode,
                                        .process = x->links[i].process,
                                        .can_read = x->links[i].can_read,
                                        .can_write = x->links[i].can_write};
    qsort(x->holders, x->link_count, sizeof(*x->holders), compare_holders);
    for (size_t i = 0; i < x->link_count; i++) {
        struct holder *last = kept > 0 ? &x->holders[kept - 1] : NULL;
        if (last != NULL && compare_holders(last, &x->holders[i]) == 0) {
            last->can_read |= x->holders[i].can_read;
            last->can_write |= x->holders[i].can_write;
        } else {
            x->holders[kept++] = x->holders[i];
        }
    }
    x->holder_count = kept;
}

void list_descriptors(struct explorer *x)
{
    for (size_t i = 0; i < x->shot->process_count && !is_late(x); i++)
        list_process(x, i);
    list_holders(x);
}

/* ---- looking them up ---- */

/* The kernel lists them in the order of their numbers. */
const struct link *find_link(const struct explorer *x, size_t process, int fd)
{
    size_t low = 0, high = x->link_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct link *link = &x->links[middle];
        if (link->process == process && link->fd == fd)
            return link;
        if (link->process < process ||
            (link->process == process && link->fd < fd))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The index of the first holder with this inode, or a greater one. */
static size_t first_holder(const struct explorer *x, ino_t inode)
{
    size_t low = 0, high = x->holder_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->holders[middle].inode < inode)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct holder *holders_of(const struct explorer *x, ino_t inode, size_t *count)
{
    size_t first = first_holder(x, inode), end = first;

    while (end < x->holder_count && x->holders[end].inode == inode)
        end++;
    *count = end - first;
    return &x->holders[first];
}

bool read_fdinfo(const struct explorer *x, size_t process, int fd, char *text,
                 size_t size)
{
    return proc_read(text, size, "/proc/%d/fdinfo/%d",
                     (int)living_tid(x, process), fd) > 0;
}

bool private_device(const struct explorer *x, dev_t device)
{
    for (size_t i = 0; i < x->known->device_count; i++)
        if (x->known->devices[i] == device)
            return true;
    return false;
}

bool private_file(const struct explorer *x, const char *path, dev_t device)
{
    return private_device(x, device) ||
           (x->known->directory != NULL && starts(path, x->known->directory));
}
