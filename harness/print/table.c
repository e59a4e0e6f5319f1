/* SPDX-License-Identifier: MIT
 *
 * table: many labs on one screen, as the table of `make labs`.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "print/printers.h"

#define RED "\033[1;31m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* A column's width, without the two spaces after it. With 80 columns: number
 * 2, name 30, lab 17 (KILLED by SIGSEGV), solution 17, ms 6. */
struct widths {
    size_t name, outcome;
};

#define NUMBER ((size_t)2)
#define MS ((size_t)6)
#define GAPS ((size_t)8) /* four */
#define NAME_LONGEST ((size_t)30)

static struct widths widths_for(struct style style)
{
    size_t columns = style.columns < 40 ? 40 : (size_t)style.columns;
    size_t room = columns - NUMBER - MS - GAPS;
    size_t name = NAME_LONGEST < room / 2 ? NAME_LONGEST : room / 2;

    return (struct widths){name, (room - name) / 2};
}

/* One cell: cut or filled up to its width, and tinted. */
static void cell(FILE *stream, struct style style, const char *color,
                 const char *text, size_t width)
{
    char *clean = text_clean(text, strlen(text));
    char *cut = text_cut(clean, width);
    bool tinted = style.color && color != NULL;

    fprintf(stream, "%s%s%s%*s", tinted ? color : "", cut, tinted ? PLAIN : "",
            (int)(width - text_width(cut)), "");
    free(cut);
    free(clean);
}

void print_table_head(FILE *stream, struct style style)
{
    struct widths width = widths_for(style);

    if (style.plain)
        return;
    cell(stream, style, BOLD, "no", NUMBER + 2);
    cell(stream, style, BOLD, "name", width.name + 2);
    cell(stream, style, BOLD, "lab", width.outcome + 2);
    cell(stream, style, BOLD, "solution", width.outcome + 2);
    fprintf(stream, "%*s\n", (int)MS, "ms");
}

/* The verdict where there is little room. */
static const char *brief_verdict(const struct report *report, const char *title)
{
    if (report->verdict == VERDICT_HANG)
        return "HANG";
    if (report->verdict == VERDICT_KILLED)
        return signal_name(report->code);
    return title;
}

/* A lab that is to be safe: its C library has cured the hazard. */
static bool hazard_cured(const struct report *report)
{
    return report != NULL && report->cured && report->variant == VARIANT_LAB;
}

static const char *unwanted(enum outcome outcome)
{
    return outcome == OUTCOME_SAFE     ? "SAFE"
           : outcome == OUTCOME_HAZARD ? "HAZARD"
                                       : "BROKEN";
}

/* What was seen, with a word in capitals before it if it is not what is
 * wanted. The caller frees it. */
static char *outcome_text(const struct report *report, enum outcome wanted,
                          const char **color)
{
    char title[64];

    *color = NULL;
    if (report == NULL)
        return xstrdup("-");
    verdict_title(report, title, sizeof(title));
    if (report->outcome == wanted)
        return xasprintf("%s%s", hazard_cured(report) ? "cured: " : "", title);
    if (report->outcome == OUTCOME_SKIP) {
        *color = YELLOW;
        return xasprintf("skip: %s", report->reason ? report->reason : "?");
    }
    *color = RED;
    if (report->reason != NULL && report->process_count == 0)
        return xasprintf("BROKEN: %s", report->reason);
    return xasprintf("%s: %s", unwanted(report->outcome),
                     brief_verdict(report, title));
}

static bool skipped(const struct report *report)
{
    return report == NULL || report->outcome == OUTCOME_SKIP;
}

void print_table_row(FILE *stream, struct style style, const struct lab *lab,
                     const struct report *hazard, const struct report *safe)
{
    struct widths width = widths_for(style);
    const char *colors[2];
    char *seen = outcome_text(
        hazard, hazard_cured(hazard) ? OUTCOME_SAFE : OUTCOME_HAZARD,
        &colors[0]);
    char *cured = outcome_text(safe, OUTCOME_SAFE, &colors[1]);
    double ms = (hazard ? hazard->ms_total : 0) + (safe ? safe->ms_total : 0);

    if (style.plain) {
        fprintf(stream, "%02d, %s: lab %s, solution %s, %.0f ms\n", lab->number,
                lab->name, seen, cured, ms);
        free(seen);
        free(cured);
        return;
    }
    fprintf(stream, "%02d  ", lab->number);
    cell(stream, style, NULL, lab->name, width.name + 2);
    /* The reason of a skip may have the rest of the row. */
    if (hazard != NULL && skipped(hazard) && skipped(safe)) {
        cell(stream, style, colors[0], seen, 2 * width.outcome + 4 + MS);
    } else {
        cell(stream, style, colors[0], seen, width.outcome);
        fputs("  ", stream);
        cell(stream, style, colors[1], cured, width.outcome);
        fprintf(stream, "  %*.0f", (int)MS, ms);
    }
    fputc('\n', stream);
    free(seen);
    free(cured);
}
