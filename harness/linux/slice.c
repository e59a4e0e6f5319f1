/* SPDX-License-Identifier: MIT
 *
 * slice: see slice.h.
 */
#define _GNU_SOURCE
#include "linux/slice.h"

#include <sched.h>
#include <stdint.h>
#include <unistd.h>

#include "linux/syscalls.h"

#define SHORTEST 100000 /* ns: the least that the kernel gives */

/* The first version of struct sched_attr, which libc's headers may have or not.
 */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

/* 0: the usual one. All else stays as it is. */
static void set_slice(uint64_t ns)
{
    struct attributes attributes;

    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0U) ==
            -1 ||
        attributes.policy != SCHED_OTHER)
        return;
    attributes.runtime = ns;
    syscall(SYS_sched_setattr, 0, &attributes, 0U);
}

void slice_shorten(void)
{
    set_slice(SHORTEST);
}

void slice_restore(void)
{
    set_slice(0);
}
