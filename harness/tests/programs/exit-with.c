/* SPDX-License-Identifier: MIT
 *
 * exit-with N: writes a line to stdout and one to stderr, ends with status N.
 */
#include "lab.h"

int main(int argc, char **argv)
{
    show("evidence");
    say("talk");
    return argc > 1 ? atoi(argv[1]) : 0;
}
