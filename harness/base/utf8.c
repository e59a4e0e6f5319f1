/* SPDX-License-Identifier: MIT
 *
 * utf8: see utf8.h.
 */
#define _GNU_SOURCE
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

/* The bytes of the UTF-8 character at text, by RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF. 0 if there is none, and for NUL. */
static size_t utf8_length(const unsigned char *text, size_t length)
{
    unsigned long value;
    size_t size;

    if (text[0] < 0x80)
        return text[0] != 0;
    if (text[0] >= 0xf0 && text[0] < 0xf8)
        size = 4;
    else if (text[0] >= 0xe0 && text[0] < 0xf0)
        size = 3;
    else if (text[0] >= 0xc0 && text[0] < 0xe0)
        size = 2;
    else
        return 0;
    if (size > length)
        return 0;
    value = text[0] & (0x7fU >> size);
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3f);
    }
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = value >= 0xd800 && value < 0xe000;
    return value >= least[size] && value <= 0x10ffff && !surrogate ? size : 0;
}

char *text_valid(const char *text, size_t length)
{
    static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
    const unsigned char *bytes = (const unsigned char *)text;
    char *valid = xcalloc(3 * length + 1, 1);
    size_t used = 0;

    for (size_t at = 0; at < length;) {
        size_t size = utf8_length(bytes + at, length - at);
        if (size > 0) {
            memcpy(valid + used, text + at, size);
            used += size;
            at += size;
        } else {
            memcpy(valid + used, replacement, sizeof(replacement));
            used += sizeof(replacement) - 1;
            at++;
        }
    }
    return valid;
}
