/* SPDX-License-Identifier: MIT
 *
 * pylines: see pylines.h.
 */
#include "autopsy/pylines.h"

/* Two's complement. */
static int signed_byte(unsigned char byte)
{
    return byte < 128 ? byte : byte - 256;
}

/* Pairs: so many bytes further, so many lines further, from -128 to 127. */
static int line_of_lnotab(const unsigned char *table, size_t size, int line,
                          unsigned long offset)
{
    unsigned long start = 0;

    for (size_t at = 0; at + 1 < size; at += 2) {
        start += table[at];
        if (start > offset)
            break;
        line += signed_byte(table[at + 1]);
    }
    return line;
}

/* Pairs: so many lines further, and that line is for so many bytes; -128: these
 * have none. */
static int line_of_310(const unsigned char *table, size_t size, int line,
                       unsigned long offset)
{
    unsigned long end = 0;

    for (size_t at = 0; at + 1 < size; at += 2) {
        int step = signed_byte(table[at + 1]);
        end += table[at];
        if (step != -128)
            line += step;
        if (offset < end)
            return step == -128 ? 0 : line;
    }
    return 0;
}

/* Six bits a byte, the lowest first; bit 6 says that there are more. */
static unsigned long number_in(const unsigned char *table, size_t size,
                               size_t *at)
{
    unsigned long value = 0;

    for (unsigned shift = 0; *at < size && shift < 60; shift += 6) {
        unsigned char byte = table[(*at)++];
        value |= (unsigned long)(byte & 63) << shift;
        if (!(byte & 64))
            break;
    }
    return value;
}

static long signed_in(const unsigned char *table, size_t size, size_t *at)
{
    unsigned long value = number_in(table, size, at);

    return value & 1 ? -(long)(value >> 1) : (long)(value >> 1);
}

/* By how many lines an entry of this kind goes on; skips what it has beside. */
static long step_of(unsigned kind, const unsigned char *table, size_t size,
                    size_t *at)
{
    long step = 0;

    if (kind == 14) { /* long: line, end line, column, end column */
        step = signed_in(table, size, at);
        for (int i = 0; i < 3; i++)
            number_in(table, size, at);
    } else if (kind == 13) {
        step = signed_in(table, size, at);
    } else if (kind >= 10 && kind <= 12) {
        step = (long)kind - 10;
        *at += 2;
    } else if (kind < 10) {
        *at += 1;
    }
    return step;
}

/* Each entry is for 1 to 8 units of two bytes. */
static int line_of_311(const unsigned char *table, size_t size, int line,
                       unsigned long offset)
{
    unsigned long covered = 0;

    for (size_t at = 0; at < size;) {
        unsigned char first = table[at++];
        unsigned kind = (first >> 3) & 15;
        if (!(first & 0x80))
            return 0;
        line += (int)step_of(kind, table, size, &at);
        covered += 2UL * ((first & 7U) + 1);
        if (offset < covered)
            return kind == 15 ? 0 : line;
    }
    return 0;
}

int pylines_line(enum pylines kind, const unsigned char *table, size_t size,
                 int first, unsigned long offset)
{
    switch (kind) {
    case PYLINES_LNOTAB:
        return line_of_lnotab(table, size, first, offset);
    case PYLINES_310:
        return line_of_310(table, size, first, offset);
    case PYLINES_311:
        break;
    }
    return line_of_311(table, size, first, offset);
}
