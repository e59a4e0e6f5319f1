/* SPDX-License-Identifier: MIT
 *
 * ring.h: a ring of io_uring(7) by bare system calls, for lab 25: as much of
 * liburing as that lab needs, with liburing's bookkeeping.
 *
 *   ring_make(&ring)           a ring for 128 requests; skips the lab where the
 *                              machine allows none
 *   ring_write(&ring, fd, byte, at)
 *                              queues a request: write this one byte there
 *   ring_submit(&ring)         hands over what is queued and waits for as many
 *                              completions; how many requests the kernel took
 *   ring_take(&ring)           takes one completion: whose byte was written;
 * NULL if there is none
 *
 * The two queues are memory that the kernel and the process share: MAP_SHARED,
 * so a child of fork() shares it as well. `queued` is memory of the process,
 * as is sqe_tail in liburing, and copied.
 */
#ifndef FORKLAB_RING_H
#define FORKLAB_RING_H

#include "lab.h"

#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define RING_ENTRIES 128U

struct ring {
    int fd;
    unsigned queued, submitted;    /* by this process: copied by fork() */
    unsigned *tail;                /* of the requests: shared, as all below */
    struct io_uring_sqe *requests; /* RING_ENTRIES */
    unsigned *head_done, *tail_done, mask_done; /* of the completions */
    struct io_uring_cqe *done;
};

static inline char *ring_map(int fd, size_t size, off_t what)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_POPULATE, fd, what);
    if (at == MAP_FAILED)
        die("mmap");
    return at;
}

/* io_uring_setup(2); its descriptor is close-on-exec. */
static inline int ring_open(struct io_uring_params *params)
{
    int fd = (int)syscall(SYS_io_uring_setup, RING_ENTRIES, params);

    if (fd == -1 && (errno == ENOSYS || errno == EPERM || errno == ENOMEM)) {
        say("lab: no io_uring here: %s",
            errno == ENOSYS  ? "this kernel, or a container, has no such call"
            : errno == EPERM ? "/proc/sys/kernel/io_uring_disabled, or a "
                               "container's seccomp profile, forbids it"
                             : "its memory is above RLIMIT_MEMLOCK");
        _exit(77);
    }
    if (fd != -1 && !(params->features & IORING_FEAT_SINGLE_MMAP)) {
        say("lab: this kernel's io_uring is too old: before Linux 5.4");
        _exit(77);
    }
    if (fd == -1)
        die("io_uring_setup");
    return fd;
}

static inline void ring_make(struct ring *ring)
{
    struct io_uring_params params = {0};
    int fd = ring_open(&params);
    const size_t requests = params.sq_off.array + RING_ENTRIES * 4;
    const size_t done =
        params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    char *at =
        ring_map(fd, requests > done ? requests : done, IORING_OFF_SQ_RING);

    *ring = (struct ring){
        .fd = fd,
        .tail = (unsigned *)(at + params.sq_off.tail),
        .requests = (struct io_uring_sqe *)ring_map(
            fd, RING_ENTRIES * sizeof(struct io_uring_sqe), IORING_OFF_SQES),
        .head_done = (unsigned *)(at + params.cq_off.head),
        .tail_done = (unsigned *)(at + params.cq_off.tail),
        .mask_done = params.cq_entries - 1,
        .done = (struct io_uring_cqe *)(at + params.cq_off.cqes),
    };
    for (unsigned i = 0; i < RING_ENTRIES; i++)
        ((unsigned *)(at + params.sq_off.array))[i] = i;
}

static inline void ring_write(struct ring *ring, int fd, const char *byte,
                              unsigned at)
{
    ring->requests[ring->queued++ % RING_ENTRIES] =
        (struct io_uring_sqe){.opcode = IORING_OP_WRITE,
                              .fd = fd,
                              .addr = (uint64_t)(uintptr_t)byte,
                              .len = 1,
                              .off = at,
                              .user_data = (uint64_t)(uintptr_t)byte};
}

/* The kernel takes what is between its own head and the tail. */
static inline int ring_submit(struct ring *ring)
{
    const unsigned count = ring->queued - ring->submitted;
    long taken;

    __atomic_store_n(ring->tail, ring->queued, __ATOMIC_RELEASE);
    do
        taken = syscall(SYS_io_uring_enter, ring->fd, count, count,
                        IORING_ENTER_GETEVENTS, NULL, 0);
    while (taken == -1 && errno == EINTR);
    if (taken == -1)
        die("io_uring_enter");
    ring->submitted = ring->queued;
    return (int)taken;
}

static inline const char *ring_take(struct ring *ring)
{
    unsigned head = *ring->head_done;

    if (head == __atomic_load_n(ring->tail_done, __ATOMIC_ACQUIRE))
        return NULL;
    const struct io_uring_cqe done = ring->done[head & ring->mask_done];
    __atomic_store_n(ring->head_done, head + 1, __ATOMIC_RELEASE);
    errno = -done.res;
    if (done.res != 1)
        die("a write");
    return (const char *)(uintptr_t)done.user_data;
}

#endif
