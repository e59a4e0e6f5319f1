/* SPDX-License-Identifier: MIT
 *
 * A short slice is asked for, and given back: what is forked later has the
 * usual one.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "linux/slice.h"
#include "linux/syscalls.h"
#include "tap.h"

/* sched_runtime of struct sched_attr, whose first 48 bytes these are. */
static uint64_t slice(void)
{
    uint64_t attributes[6];

    memset(attributes, 0, sizeof(attributes));
    return syscall(SYS_sched_getattr, 0, attributes, sizeof(attributes), 0U)
               ? 0
               : attributes[3];
}

static uint64_t slice_of_child(void)
{
    uint64_t got = 0;
    int ends[2];

    if (pipe(ends) == -1)
        return 0;
    pid_t child = fork();
    if (child == 0) {
        got = slice();
        _exit(write(ends[1], &got, sizeof(got)) == -1);
    }
    close(ends[1]);
    if (read(ends[0], &got, sizeof(got)) != (ssize_t)sizeof(got))
        got = 0;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return got;
}

int main(void)
{
    uint64_t usual = slice();

    if (usual == 0) {
        printf("1..0 # SKIP this kernel has no slices to ask for\n");
        return 0;
    }
    setpriority(PRIO_PROCESS, 0, 3);
    slice_shorten();
    ok(slice() < usual, "the slice is shorter");
    ok(getpriority(PRIO_PROCESS, 0) == 3, "all else is as it was");
    slice_restore();
    ok(slice() == usual, "it is the usual one again");
    ok(slice_of_child() == usual, "... also of what is forked");
    printf("1..%d\n", tests);
    return failures != 0;
}
