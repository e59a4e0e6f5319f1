/* SPDX-License-Identifier: MIT
 *
 * svg: see svg.h.
 */
#define _GNU_SOURCE
#include "base/svg.h"

#include <errno.h>

#include "base/escape.h"

FILE *svg_begin(const char *path, int width, int height, const char *title)
{
    FILE *svg = fopen(path, "we");

    if (svg == NULL)
        return NULL;
    fprintf(svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
            "height=\"%d\" font-family=\"monospace\" font-size=\"12\">\n"
            "<title>",
            width, height);
    escape_xml(svg, title);
    fputs("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
          svg);
    return svg;
}

void svg_text(FILE *svg, double x, double y, const char *anchor,
              const char *text)
{
    fprintf(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y,
            anchor);
    escape_xml(svg, text);
    fputs("</text>\n", svg);
}

bool svg_end(FILE *svg)
{
    fputs("</svg>\n", svg);
    bool good = !ferror(svg);
    int error = errno;

    if (fclose(svg) == 0)
        errno = error;
    else
        good = false;
    return good;
}
