/* SPDX-License-Identifier: MIT
 *
 * stop-itself: stopped; SIGCONT from anybody would go on with it.
 */
#include "lab.h"

#include <signal.h>

int main(void)
{
    raise(SIGSTOP);
    return 0;
}
