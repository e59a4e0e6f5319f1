/* SPDX-License-Identifier: MIT
 *
 * escape: see escape.h.
 */
#include "base/escape.h"

#include <string.h>

void escape_xml(FILE *stream, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (strncmp(at, "\xEF\xBF\xBE", 3) == 0 ||
            strncmp(at, "\xEF\xBF\xBF", 3) == 0) {
            fputs("\xEF\xBF\xBD", stream);
            at += 2;
        } else if (byte == '&')
            fputs("&amp;", stream);
        else if (byte == '<')
            fputs("&lt;", stream);
        else if (byte == '>')
            fputs("&gt;", stream);
        else if (byte == '"')
            fputs("&quot;", stream);
        else if (byte >= 0x20 || byte == '\n' || byte == '\t')
            fputc(byte, stream);
        else
            fputc('?', stream);
    }
}
