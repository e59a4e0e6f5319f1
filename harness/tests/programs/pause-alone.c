/* SPDX-License-Identifier: MIT
 *
 * pause-alone: waits for a signal, and nobody is there to send one.
 */
#include "lab.h"

int main(void)
{
    pause();
    return 0;
}
