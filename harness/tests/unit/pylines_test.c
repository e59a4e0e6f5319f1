/* SPDX-License-Identifier: MIT
 *
 * Tests of the tables of lines that CPython keeps. TAP; exit 1 on failure.
 */
#include "autopsy/pylines.h"
#include "tests/unit/tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct expected {
    unsigned long offset;
    int line; /* 0: it has none */
};

static void compare(enum pylines kind, const unsigned char *table, size_t size,
                    int first, const struct expected *wanted, size_t count,
                    const char *what)
{
    for (size_t i = 0; i < count; i++) {
        int line = pylines_line(kind, table, size, first, wanted[i].offset);
        ok(line == wanted[i].line, "%s, byte %lu: line %d", what,
           wanted[i].offset, line);
    }
}

/* The example of Objects/lnotab_notes.txt of CPython 3.9. */
static void test_lnotab(void)
{
    static const unsigned char table[] = {0, 1,  6,   1, 44, 5,  255,
                                          0, 45, 127, 0, 73, 11, 1};
    static const struct expected wanted[] = {
        {0, 1},   {5, 1},     {6, 2},     {49, 2},    {50, 7},
        {349, 7}, {350, 207}, {360, 207}, {361, 208}, {9999, 208}};

    compare(PYLINES_LNOTAB, table, sizeof(table), 0, wanted, COUNT(wanted),
            "lnotab");
}

/* That example as 3.10 writes it, with a line back, and bytes without one. */
static void test_310(void)
{
    static const unsigned char table[] = {6,  1,    44, 1,   254, 5,  46, 0,
                                          10, 0x80, 0,  127, 11,  73, 4,  0xff};
    static const struct expected wanted[] = {
        {0, 1},   {6, 2},     {49, 2},    {50, 7},    {349, 7}, {350, 0},
        {359, 0}, {360, 207}, {370, 207}, {371, 206}, {9999, 0}};

    compare(PYLINES_310, table, sizeof(table), 0, wanted, COUNT(wanted),
            "3.10");
}

/* co_linetable, as CPython 3.11 made it of a function at line 1:
 *
 *   def f(a):
 *       for i in range(3):
 *           if a:
 *               print(i,
 *
 *                     a)
 *       return a
 */
static void test_311(void)
{
    static const unsigned char table[] = {
        128, 0,  221, 13,  18, 144, 49, 137, 88,  140, 88,  240, 0,
        4,   5,  21,  240, 0,  4,   5,  21,  136, 1,   216, 11,  12,
        240, 0,  3,   9,   21, 221, 12, 17,  144, 33,  224, 18,  19,
        241, 5,  2,   13,  21, 244, 0,  2,   13,  21,  240, 0,   2,
        13,  21, 248, 240, 6,  0,   12, 13,  128, 72};
    static const struct expected wanted[] = {
        {0, 1},  {2, 2},  {34, 2}, {36, 3}, {38, 3}, {40, 4},
        {54, 6}, {56, 4}, {70, 4}, {72, 0}, {74, 7}, {76, 7}};

    compare(PYLINES_311, table, sizeof(table), 1, wanted, COUNT(wanted),
            "3.11");
}

/* What a process that changes it shows of it. */
static void test_torn(void)
{
    static const unsigned char table[] = {0xf0, 0xff, 0xff};

    for (int kind = PYLINES_LNOTAB; kind <= PYLINES_311; kind++)
        for (size_t size = 0; size <= sizeof(table); size++)
            ok(pylines_line((enum pylines)kind, table, size, 1, 9999) < 999,
               "kind %d, %zu bytes of a table", kind, size);
}

int main(void)
{
    test_lnotab();
    test_310();
    test_311();
    test_torn();
    printf("1..%d\n", tests);
    return failures > 0;
}
