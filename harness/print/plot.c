/* SPDX-License-Identifier: MIT
 *
 * plot: see plot.h.
 */
#define _GNU_SOURCE
#include "print/plot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/svg.h"

/* ---- the table ---- */

#define MAX_PLACES ((size_t)16)

/* The different x of all curves, in the order in which they were measured. */
static size_t places_of(const struct plot *plot, double *place)
{
    size_t count = 0;

    for (size_t i = 0; i < plot->count; i++)
        for (size_t k = 0; k < plot->curve[i].count; k++) {
            size_t at = 0;
            while (at < count && place[at] != plot->curve[i].point[k].x)
                at++;
            if (at == count && count < MAX_PLACES)
                place[count++] = plot->curve[i].point[k].x;
        }
    return count;
}

/* A measured value, with its unit; caller frees. Times of at least 10 ms are
 * written in milliseconds, of 10 s in seconds: a slow machine needs no wider
 * columns than a fast one. */
static char *amount(double value, const char *unit)
{
    static const char *const units[] = {"us", "ms", "s"};
    size_t at = 0;

    if (strcmp(unit, units[0]) != 0)
        return xasprintf("%.9g %s", value, unit);
    for (; value >= 1e4 && at < 2; at++)
        value /= 1e3;
    return xasprintf(at > 0 ? "%.0f %s" : "%.9g %s", value, units[at]);
}

/* What was measured at that place; "-": nothing was. */
static char *cell_of(const struct plot *plot, const struct curve *curve,
                     double place)
{
    for (size_t i = 0; i < curve->count; i++)
        if (curve->point[i].x == place)
            return amount(curve->point[i].y, plot->y_unit);
    return xstrdup("-");
}

/* text with what is right-aligned after it; frees both. */
static char *with_cell(char *text, char *cell, int width)
{
    char *longer = xasprintf("%s%*s", text, width, cell);

    free(text);
    free(cell);
    return longer;
}

/* The width of the widest cell, with two spaces before it. */
static int cell_width(const struct plot *plot, const double *place,
                      size_t places)
{
    size_t widest = 0;

    for (size_t i = 0; i <= plot->count; i++)
        for (size_t k = 0; k < places; k++) {
            char *cell = i < plot->count
                             ? cell_of(plot, &plot->curve[i], place[k])
                             : amount(place[k], plot->x_unit);
            widest = strlen(cell) > widest ? strlen(cell) : widest;
            free(cell);
        }
    return (int)widest + 2;
}

static int names_width(const struct plot *plot, const char *head)
{
    size_t widest = strlen(head);

    for (size_t i = 0; i < plot->count; i++)
        if (strlen(plot->curve[i].name) > widest)
            widest = strlen(plot->curve[i].name);
    return (int)widest;
}

struct strings plot_table(const struct plot *plot, int width)
{
    struct strings lines = {0};
    double place[MAX_PLACES];
    size_t places = places_of(plot, place);
    const char *head = plot->file ? plot->file : "";
    int names = names_width(plot, head);
    int cells = cell_width(plot, place, places);

    while (places > 0 && names + cells * (int)places > width)
        places--;
    for (size_t i = 0; i <= plot->count; i++) {
        const struct curve *curve = i > 0 ? &plot->curve[i - 1] : NULL;
        char *text = xasprintf("%-*s", names, curve ? curve->name : head);
        for (size_t k = 0; k < places; k++)
            text = with_cell(text,
                             curve ? cell_of(plot, curve, place[k])
                                   : amount(place[k], plot->x_unit),
                             cells);
        strings_add(&lines, text);
        free(text);
    }
    return lines;
}

/* ---- the picture ---- */

/* The frame of the curves within the picture, in pixels; the names of the
 * curves stand to the right of it. */
enum {
    WIDTH = 860,
    HEIGHT = 440,
    LEFT = 80,
    RIGHT = 560,
    TOP = 50,
    BOTTOM = 370
};

/* From 0 to most, a line at each step. */
struct axis {
    double most, step;
};

/* Colours that differ in brightness too, and a dash for each second one. */
static const char *const colors[] = {"#b2182b", "#2166ac", "#1a9850",
                                     "#762a83", "#8c510a", "#333333"};

/* Steps of 1, 2 or 5 times a power of ten, at most eight of them. */
static struct axis axis_to(double value)
{
    static const double factors[] = {1, 2, 5};
    double power = 1;

    while (value > 0 && power > value / 10)
        power /= 10;
    while (power <= value / 100)
        power *= 10;
    for (int i = 0; i < 12; i++) {
        double step = power * factors[i % 3];
        if (value / step <= 8)
            return (struct axis){ceil(value / step) * step, step};
        if (i % 3 == 2)
            power *= 10;
    }
    return (struct axis){value, value};
}

static struct axis axis_of(const struct plot *plot, bool upright)
{
    double most = 1;

    for (size_t i = 0; i < plot->count; i++)
        for (size_t k = 0; k < plot->curve[i].count; k++) {
            const struct point *point = &plot->curve[i].point[k];
            double value = upright ? point->y : point->x;
            most = value > most ? value : most;
        }
    return axis_to(most);
}

static double x_of(const struct axis *axis, double value)
{
    return LEFT + (RIGHT - LEFT) * value / axis->most;
}

static double y_of(const struct axis *axis, double value)
{
    return BOTTOM - (BOTTOM - TOP) * value / axis->most;
}

static void draw_line(FILE *svg, double x1, double y1, double x2, double y2,
                      const char *color)
{
    fprintf(svg,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
            "stroke=\"%s\"/>\n",
            x1, y1, x2, y2, color);
}

static void draw_number(FILE *svg, double x, double y, const char *anchor,
                        double number)
{
    char *text = xasprintf("%.9g", number);

    svg_text(svg, x, y, anchor, text);
    free(text);
}

static void draw_axes(FILE *svg, const struct plot *plot, const struct axis *x,
                      const struct axis *y)
{
    for (int i = 0; i * x->step <= x->most * 1.001; i++) {
        double at = i * x->step;
        draw_line(svg, x_of(x, at), TOP, x_of(x, at), BOTTOM, "#dddddd");
        draw_number(svg, x_of(x, at), BOTTOM + 18, "middle", at);
    }
    for (int i = 0; i * y->step <= y->most * 1.001; i++) {
        double at = i * y->step;
        draw_line(svg, LEFT, y_of(y, at), RIGHT, y_of(y, at), "#dddddd");
        draw_number(svg, LEFT - 8, y_of(y, at) + 4, "end", at);
    }
    draw_line(svg, LEFT, BOTTOM, RIGHT, BOTTOM, "black");
    draw_line(svg, LEFT, TOP, LEFT, BOTTOM, "black");
    svg_text(svg, LEFT, TOP - 10, "end", plot->y_unit);
    svg_text(svg, RIGHT, BOTTOM + 36, "end", plot->x_unit);
}

static void draw_curve(FILE *svg, const struct curve *curve, size_t index,
                       const struct axis *x, const struct axis *y)
{
    const char *color = colors[index % (sizeof(colors) / sizeof(*colors))];
    const char *dash = index % 2 == 1 ? " stroke-dasharray=\"6 3\"" : "";
    double name_y = TOP + 12 + 20 * (double)index;

    fprintf(svg,
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s "
            "points=\"",
            color, dash);
    for (size_t i = 0; i < curve->count; i++)
        fprintf(svg, "%.1f,%.1f ", x_of(x, curve->point[i].x),
                y_of(y, curve->point[i].y));
    fputs("\"/>\n", svg);
    for (size_t i = 0; i < curve->count; i++)
        fprintf(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
                x_of(x, curve->point[i].x), y_of(y, curve->point[i].y), color);
    fprintf(svg,
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\" "
            "stroke-width=\"2\"%s/>\n",
            RIGHT + 20, name_y - 4, RIGHT + 50, name_y - 4, color, dash);
    svg_text(svg, RIGHT + 58, name_y, "start", curve->name);
}

bool plot_draw(const struct report *report, const char *path)
{
    const struct plot *plot = &report->plot;
    struct axis x = axis_of(plot, false), y = axis_of(plot, true);
    char *title = xasprintf("%s %s", variant_word(report->variant),
                            report->stem ? report->stem : "");
    char *machine = xasprintf("%s, Linux %s, %s", report->machine.libc,
                              report->machine.kernel, report->machine.arch);
    FILE *svg = svg_begin(path, WIDTH, HEIGHT, title);

    if (svg != NULL) {
        svg_text(svg, WIDTH / 2.0, 20, "middle", title);
        draw_axes(svg, plot, &x, &y);
        for (size_t i = 0; i < plot->count; i++)
            draw_curve(svg, &plot->curve[i], i, &x, &y);
        svg_text(svg, WIDTH - 10, HEIGHT - 10, "end", machine);
    }
    int error = errno;
    free(title);
    free(machine);
    errno = error;
    return svg != NULL && svg_end(svg);
}
