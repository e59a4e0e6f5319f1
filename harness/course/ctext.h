/* SPDX-License-Identifier: MIT
 *
 * ctext: C source as a row of words, without a compiler.
 */
#ifndef FORKLAB_CTEXT_H
#define FORKLAB_CTEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Blanks in the place of comments, and of strings if that is wished. */
void ctext_blank(char *text, bool strings);

/* Of ASCII, in any locale. */
static inline bool ctext_is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* How often the word stands there. */
int ctext_count(const char *text, const char *word);

/* How often it does something: is called, or stands between the parentheses of
 * a call. "(void)fork;" and "int unused = MAP_SHARED;" are no use. Of a text
 * without comments and strings. */
int ctext_uses(const char *text, const char *word);

/* How often these bytes stand there. */
int ctext_count_bytes(const char *text, const char *bytes);

#endif
