/* SPDX-License-Identifier: MIT
 *
 * memory: which memory a thread's call depends on, see explorer.h: who can
 * reach a futex word, and whether what the kernel copied when a call began can
 * be read from memory again.
 *
 * The kernel copies the set of poll(2) and select(2) and the path of open(2).
 * Another thread may write there while the first one sleeps. Then the memory
 * tells of other descriptors than those that it waits for.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "base/memory.h"
#include "linux/fileid.h"
#include "linux/imports.h"
#include "linux/proc.h"
#include "proof/changes.h"
#include "proof/explorer.h"

/* ---- the mappings of a process ---- */

/* May somebody outside map this file, since the tree passed it? */
static bool passed_memory(const struct explorer *x, ino_t inode)
{
    return x->known->passed != NULL &&
           (x->known->passed->any ||
            fileids_have(&x->known->passed->files, inode));
}

/* Which processes can reach the memory that this line of /proc/PID/maps names?
 * A line is "from-to perms offset dev inode path". */
static enum reach reach_of_line(const struct explorer *x, const char *rights,
                                const char *path, dev_t device, ino_t inode)
{
    /* In a mount namespace of its own, any file may have such a name. */
    bool nameless = device == fileid_memory_device();
    bool anonymous = nameless && (starts(path, "/dev/zero (deleted)") ||
                                  starts(path, "/memfd:"));
    bool ours = (nameless && starts(path, "/SYSV") && x->known->private_ipc) ||
                private_file(x, path, device);

    return rights[3] == 'p'          ? REACH_PROCESS
           : passed_memory(x, inode) ? REACH_WORLD
           : anonymous || ours       ? REACH_TREE
                                     : REACH_WORLD;
}

static void read_mappings(struct explorer *x, size_t process)
{
    char path[64], line[512];

    x->mapping_count = 0;
    x->mapping_process = process;
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)living_tid(x, process));
    FILE *stream = fopen(path, "re");
    while (stream != NULL && fgets(line, sizeof(line), stream) != NULL) {
        struct mapping mapping;
        unsigned major_number, minor_number;
        unsigned long inode;
        char rights[8];
        int name = 0;
        if (sscanf(line, "%lx-%lx %7s %*s %x:%x %lu %n", &mapping.from,
                   &mapping.to, rights, &major_number, &minor_number, &inode,
                   &name) < 6)
            continue;
        mapping.reach = reach_of_line(
            x, rights, line + name, makedev(major_number, minor_number), inode);
        mapping.writable = rights[1] == 'w';
        mapping.shared = rights[3] == 's';
        mapping.inode = inode;
        mapping.device = makedev(major_number, minor_number);
        GROW(x->mappings, x->mapping_count);
        x->mappings[x->mapping_count++] = mapping;
    }
    if (stream != NULL)
        fclose(stream);
}

/* Those that are read last are kept. */
static void need_mappings(struct explorer *x, size_t process)
{
    if (x->mappings == NULL || x->mapping_process != process)
        read_mappings(x, process);
}

const struct mapping *mapping_at(struct explorer *x, size_t process,
                                 unsigned long address)
{
    need_mappings(x, process);
    for (size_t i = 0; i < x->mapping_count; i++)
        if (x->mappings[i].from <= address && address < x->mappings[i].to)
            return &x->mappings[i];
    return NULL;
}

uint64_t shared_bytes(struct explorer *x, size_t process)
{
    uint64_t bytes = 0;

    need_mappings(x, process);
    for (size_t i = 0; i < x->mapping_count; i++)
        if (x->mappings[i].shared)
            bytes += x->mappings[i].to - x->mappings[i].from;
    return bytes;
}

enum reach reach_of(struct explorer *x, size_t process, unsigned long address)
{
    const struct mapping *mapping = mapping_at(x, process, address);

    return mapping ? mapping->reach : REACH_WORLD;
}

/* ---- is it still what the kernel copied? ---- */

/* Has all the CPU time of the process been used by this thread? A thread that
 * has ended is still in the sum. */
static bool used_all_time(pid_t pid, pid_t tid)
{
    char text[128];
    clockid_t clock;
    struct timespec all;

    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/schedstat", (int)pid,
                  (int)tid) <= 0 ||
        clock_getcpuclockid(pid, &clock) != 0 ||
        clock_gettime(clock, &all) == -1)
        return false;
    return strtoull(text, NULL, 10) ==
           (unsigned long long)all.tv_sec * 1000000000ULL +
               (unsigned long long)all.tv_nsec;
}

bool always_alone(const struct explorer *x, size_t process)
{
    const struct process_shot *shot = &x->shot->process[process];
    const struct changes *changes = x->known->changes;
    /* By these calls a process could share its memory with one that has ended
     * since. */
    static const char *const sharing[] = {"clone", "clone3", "syscall", NULL};

    return shot->thread_count == 1 && !shot->shares_memory &&
           !(changes != NULL && changes->common_memory) &&
           !(changes != NULL && !x->known->changes_heard &&
             imports_any(shot->pid, sharing)) &&
           used_all_time(shot->pid, x->shot->thread[shot->first_thread].tid);
}

/* A private mapping of a file has what is written to the file, as long as the
 * process itself has not written to that page. Nobody writes to a program that
 * is being executed. */
static bool mapping_holds(const struct explorer *x, size_t process,
                          const struct mapping *mapping)
{
    return mapping->reach == REACH_PROCESS &&
           (mapping->inode == 0 ||
            mapping->inode == x->shot->process[process].exe_inode);
}

/* Nobody else can have written there: not by another mapping of it, nor as
 * another thread. The thread's own stack is no exception: others may write
 * there, too, before anybody has seen it. */
static bool region_holds(struct explorer *x, const struct thread_shot *thread,
                         unsigned long address, bool alone)
{
    const struct mapping *mapping = mapping_at(x, thread->process, address);

    return mapping != NULL && mapping_holds(x, thread->process, mapping) &&
           (alone || !mapping->writable);
}

/* Does a process before this one in the snapshot execute the same program? */
static bool same_program_before(const struct snapshot *shot, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (shot->process[i].thread_count > 0 &&
            snapshot_compare_programs(&shot->process[i],
                                      &shot->process[index]) == PROGRAM_SAME)
            return true;
    return false;
}

/* May a process of the tree have written to the memory of another one by its
 * file in /proc? That is heard by nobody. */
static bool names_memory(const struct explorer *x)
{
    static const char mem[] = "/mem";
    bool named = false;

    for (size_t i = 0; !named && !x->known->alone && i < x->shot->process_count;
         i++)
        named = x->shot->process[i].thread_count > 0 &&
                !same_program_before(x->shot, i) &&
                program_contains(x->shot->process[i].pid, mem, sizeof(mem));
    return named;
}

bool memory_holds(struct explorer *x, const struct thread_shot *thread)
{
    struct region regions[CALL_REGIONS];
    const struct changes *changes = x->known->changes;
    size_t count = call_regions(thread, regions);

    if (changes == NULL)
        return true;
    if (changes->reached || !x->shot->followed)
        return count == 0;
    bool alone = always_alone(x, thread->process);
    for (size_t i = 0; i < count; i++)
        if (regions[i].size > 0 &&
            !region_holds(x, thread, regions[i].address, alone))
            return false;
    return count == 0 || !names_memory(x);
}
