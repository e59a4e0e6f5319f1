/* SPDX-License-Identifier: MIT
 *
 * say: the line that wild.bats waits for.
 */
#ifndef SAY_H
#define SAY_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Says who they are, and waits for the child. */
static inline int say_and_wait(int child)
{
    printf("PIDS %d %d\n", (int)getpid(), child);
    fflush(stdout);
    return waitpid(child, NULL, 0) == child ? 0 : 1;
}

#endif
