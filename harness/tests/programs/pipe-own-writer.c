/* SPDX-License-Identifier: MIT
 *
 * pipe-own-writer: reads a pipe whose only write end it holds itself.
 */
#include "lab.h"

int main(void)
{
    int ends[2];
    char byte;

    if (pipe(ends) == -1)
        die("pipe");
    return read(ends[0], &byte, 1) == 1;
}
