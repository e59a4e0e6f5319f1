/* SPDX-License-Identifier: MIT
 *
 * utf8: any bytes as valid UTF-8, for JSON, HTML and XML.
 */
#ifndef FORKLAB_UTF8_H
#define FORKLAB_UTF8_H

#include <stddef.h>

/* The text with U+FFFD in the place of each byte that is no UTF-8, and of each
 * NUL. The caller frees it. */
char *text_valid(const char *text, size_t length);

#endif
