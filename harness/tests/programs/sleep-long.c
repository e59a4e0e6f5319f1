/* SPDX-License-Identifier: MIT
 *
 * sleep-long: sleeps for 1000 seconds, and would wake up then.
 */
#include "lab.h"

#include <time.h>

int main(void)
{
    const struct timespec long_time = {.tv_sec = 1000};

    nanosleep(&long_time, NULL);
    return 0;
}
