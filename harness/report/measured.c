/* SPDX-License-Identifier: MIT
 *
 * measured: see measured.h.
 */
#define _GNU_SOURCE
#include "report/measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More than that is not a measurement of a lab, but a flood of output. */
#define MAX_CURVES ((size_t)12)
#define MAX_POINTS ((size_t)1000)

static const char joint[] = " at ";

bool plot_declared(const char *text)
{
    const char *at = strstr(text, joint);

    return at != NULL && at > text && at[strlen(joint)] != '\0' &&
           strstr(at + 1, joint) == NULL;
}

/* Reads "NUMBER UNIT" at the start of text and returns what follows; NULL if
 * it is something else. */
static const char *read_number(const char *text, const char *unit,
                               double *number)
{
    char *end;

    *number = strtod(text, &end);
    if (end == text || *end != ' ' || !isfinite(*number) || *number < 0)
        return NULL;
    end++;
    return strncmp(end, unit, strlen(unit)) == 0 ? end + strlen(unit) : NULL;
}

/* "356 us at 4 MiB", and nothing after it. */
static bool read_point(const struct plot *plot, const char *text,
                       struct point *point)
{
    text = read_number(text, plot->y_unit, &point->y);
    if (text == NULL || strncmp(text, joint, strlen(joint)) != 0)
        return false;
    text = read_number(text + strlen(joint), plot->x_unit, &point->x);
    return text != NULL && strcmp(text, "\n") == 0;
}

/* The curve of that name, a new one if need be; NULL if there are too many. */
static struct curve *curve_of(struct plot *plot, const char *name,
                              size_t length)
{
    for (size_t i = 0; i < plot->count; i++)
        if (strlen(plot->curve[i].name) == length &&
            memcmp(plot->curve[i].name, name, length) == 0)
            return &plot->curve[i];
    if (plot->count == MAX_CURVES)
        return NULL;
    GROW(plot->curve, plot->count);
    plot->curve[plot->count] =
        (struct curve){.name = xasprintf("%.*s", (int)length, name)};
    return &plot->curve[plot->count++];
}

/* "WHO: CURVE: POINT" */
static bool read_record(struct plot *plot, const struct record *record)
{
    const char *name = strstr(record->text, ": ");
    const char *value = name;
    struct point point;

    if (record->stream != 2 || name == NULL)
        return false;
    name += 2;
    for (const char *at = name; (at = strstr(at, ": ")) != NULL; at += 2)
        value = at;
    if (value < name || !read_point(plot, value + 2, &point))
        return false;
    struct curve *curve = curve_of(plot, name, (size_t)(value - name));
    if (curve == NULL || curve->count == MAX_POINTS)
        return false;
    GROW(curve->point, curve->count);
    curve->point[curve->count++] = point;
    return true;
}

void plot_read(struct report *report, const char *declared)
{
    const char *at = declared ? strstr(declared, joint) : NULL;
    struct plot *plot = &report->plot;

    if (at == NULL)
        return;
    plot->y_unit = xasprintf("%.*s", (int)(at - declared), declared);
    plot->x_unit = xstrdup(at + strlen(joint));
    for (size_t i = 0; i < report->record_count; i++)
        report->records[i].measured = read_record(plot, &report->records[i]);
}

void plot_free(struct plot *plot)
{
    for (size_t i = 0; i < plot->count; i++) {
        free(plot->curve[i].name);
        free(plot->curve[i].point);
    }
    free(plot->curve);
    free(plot->x_unit);
    free(plot->y_unit);
    free(plot->file);
    *plot = (struct plot){0};
}
