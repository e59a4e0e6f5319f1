/* SPDX-License-Identifier: MIT
 *
 * crash: ends by SIGSEGV.
 */
#include "lab.h"

#include <signal.h>

int main(void)
{
    raise(SIGSEGV);
    return 0;
}
