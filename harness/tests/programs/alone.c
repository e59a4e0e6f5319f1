/* SPDX-License-Identifier: MIT
 *
 * alone: a program without children and threads that waits for a signal, and
 * catches it. Nobody inside could send one.
 */
#include "lab.h"

#include <signal.h>

static void end_well(int number)
{
    (void)number;
    _exit(7);
}

int main(void)
{
    signal(SIGUSR1, end_well);
    for (;;)
        pause();
}
