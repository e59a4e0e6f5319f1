/* SPDX-License-Identifier: MIT
 *
 * escape: text within XML, HTML and SVG.
 */
#ifndef FORKLAB_ESCAPE_H
#define FORKLAB_ESCAPE_H

#include <stdio.h>

/* Writes a text, which is valid UTF-8, so that it is no markup, neither in an
 * element nor in a quoted attribute. XML 1.0 (2.2, Char) has no control
 * characters but tab and line ends, not even as references, and neither U+FFFE
 * nor U+FFFF: "?" and U+FFFD stand in their place. */
void escape_xml(FILE *stream, const char *text);

#endif
