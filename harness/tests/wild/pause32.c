/* SPDX-License-Identifier: MIT
 *
 * A 32-bit program without a library: it waits in pause(2), by its number for
 * i386.
 */
void _start(void)
{
    for (;;)
        __asm__ volatile("int $0x80" : : "a"(29) : "memory");
}
