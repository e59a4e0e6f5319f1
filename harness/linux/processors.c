/* SPDX-License-Identifier: MIT
 *
 * processors: see processors.h.
 */
#define _GNU_SOURCE
#include "linux/processors.h"

struct processors processors_read(void)
{
    struct processors processors;

    if (sched_getaffinity(0, sizeof(processors.set), &processors.set) == -1)
        CPU_ZERO(&processors.set);
    return processors;
}

int processors_count(const struct processors *processors)
{
    int count = CPU_COUNT(&processors->set);

    return count > 0 ? count : 1;
}

void processors_part(pid_t pid, const struct processors *processors)
{
    struct processors others = *processors;
    int ours = sched_getcpu();

    if (ours == -1 || processors_count(processors) == 1)
        return;
    CPU_CLR((size_t)ours, &others.set);
    processors_give(pid, &others);
}

void processors_give(pid_t pid, const struct processors *processors)
{
    if (CPU_COUNT(&processors->set) > 0)
        (void)sched_setaffinity(pid, sizeof(processors->set), &processors->set);
}
