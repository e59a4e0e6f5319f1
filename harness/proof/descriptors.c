/* SPDX-License-Identifier: MIT
 *
 * descriptors: which process has which descriptors open, see explorer.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/proc.h"
#include "proof/explorer.h"

pid_t living_tid(const struct explorer *x, size_t process)
{
    const struct process_shot *shot = &x->shot->process[process];

    return shot->thread_count > 0 ? x->shot->thread[shot->first_thread].tid
                                  : shot->pid;
}

static void add_link(struct explorer *x, size_t process, int fd)
{
    char path[64];
    struct stat info, itself;
    struct link link = {.process = process, .fd = fd};

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)living_tid(x, process),
             fd);
    ssize_t length = readlink(path, link.target, sizeof(link.target) - 1);
    /* The mode of the link itself tells how the file was opened: proc(5). */
    if (length == -1 || stat(path, &info) == -1 || lstat(path, &itself) == -1)
        return;
    link.target[length] = '\0';
    link.device = info.st_dev;
    link.inode = info.st_ino;
    link.mode = info.st_mode;
    link.can_read = (itself.st_mode & S_IRUSR) != 0;
    link.can_write = (itself.st_mode & S_IWUSR) != 0;
    GROW(x->links, x->link_count);
    x->links[x->link_count++] = link;
}

void list_descriptors(struct explorer *x)
{
    for (size_t i = 0; i < x->shot->process_count; i++) {
        struct pids numbers = {0};
        proc_descriptors(living_tid(x, i), &numbers);
        for (size_t k = 0; k < numbers.count; k++)
            add_link(x, i, numbers.pid[k]);
        pids_free(&numbers);
    }
}

const struct link *find_link(const struct explorer *x, size_t process, int fd)
{
    for (size_t i = 0; i < x->link_count; i++)
        if (x->links[i].process == process && x->links[i].fd == fd)
            return &x->links[i];
    return NULL;
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
