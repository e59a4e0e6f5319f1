/* SPDX-License-Identifier: MIT
 *
 * busy: computes for ever.
 */
#include "lab.h"

int main(void)
{
    for (volatile unsigned long turns = 0;; turns++)
        continue;
}
