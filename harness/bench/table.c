/* SPDX-License-Identifier: MIT
 *
 * table: what was measured, as a table, a picture and a file; see bench.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "base/svg.h"
#include "bench/bench.h"

#define MOST_ROWS 64

static struct row rows[MOST_ROWS];
static int row_count;

/* A number, or a dash for what is not here. */
static const char *cell(double value)
{
    static char text[8][24];
    static unsigned next;
    char *to = text[next++ % 8];

    if (value < 0)
        return "-";
    snprintf(to, sizeof(text[0]), value < 100 ? "%.2f" : "%.0f", value);
    return to;
}

static double ratio_of(const struct row *row)
{
    return row->ours >= 0 && row->floor > 0 ? row->ours / row->floor : -1;
}

/* What bounds.tsv limits. */
static double limited(const struct row *row)
{
    return row->ours >= 0 && row->ratio != 0 ? row->ratio : ratio_of(row);
}

static void print_row(const struct row *row)
{
    printf("  %-16s %9s %9s %9s %9s %7s  %s", row->name, cell(row->floor),
           cell(row->peer), cell(row->ours), cell(row->p90),
           cell(ratio_of(row)), row->unit ? row->unit : "");
    if (row->runs > 0)
        printf(", %d runs", row->runs);
    if (row->unproved > 0)
        printf(", %d NOT PROVED", row->unproved);
    putchar('\n');
}

void table_add(struct row row)
{
    if (row_count == MOST_ROWS)
        return;
    if (row.p90 == 0)
        row.p90 = -1;
    rows[row_count] = row;
    print_row(&rows[row_count++]);
}

void table_miss(const char *name, const char *why)
{
    printf("  %-16s not here: %s\n", name, why);
    if (row_count < MOST_ROWS)
        rows[row_count++] = (struct row){
            .name = name, .floor = -1, .peer = -1, .ours = -1, .p90 = -1};
}

void table_print(void)
{
    puts("\n  row                  floor      peer      ours       p90 "
         "ours/floor");
    for (int i = 0; i < row_count; i++)
        print_row(&rows[i]);
    puts("\n  what floor and peer are:");
    for (int i = 0; i < row_count; i++)
        if (rows[i].floor_is != NULL || rows[i].peer_is != NULL)
            printf("  %-16s %s | %s\n", rows[i].name,
                   rows[i].floor_is ? rows[i].floor_is : "-",
                   rows[i].peer_is ? rows[i].peer_is : "-");
}

/* ---- the picture ---- */

/* On a logarithmic scale: a power of ten is 100 points, from 0.001. */
static int length_of(double value)
{
    int length = 0;

    for (double at = 0.001; at < value && length < 700; at *= 1.0232930)
        length++;
    return length;
}

static void draw_bar(FILE *svg, int y, double value, const char *colour)
{
    int length = length_of(value);

    if (value < 0)
        return;
    fprintf(svg,
            "<rect x=\"170\" y=\"%d\" width=\"%d\" height=\"6\" "
            "fill=\"%s\"/>\n",
            y, length, colour);
}

bool table_draw(const char *path)
{
    FILE *svg = svg_begin(path, 1100, row_count * 26 + 10,
                          "forklab (blue), the peer (grey) and the floor "
                          "(green), logarithmic");

    for (int i = 0; svg != NULL && i < row_count; i++) {
        char text[96];
        int y = 8 + i * 26;
        snprintf(text, sizeof(text), "%s, %s", cell(rows[i].ours),
                 rows[i].unit ? rows[i].unit : "not here");
        svg_text(svg, 4, y + 13, "start", rows[i].name);
        draw_bar(svg, y, rows[i].floor, "seagreen");
        draw_bar(svg, y + 7, rows[i].peer, "grey");
        draw_bar(svg, y + 14, rows[i].ours, "steelblue");
        svg_text(svg, 890, y + 13, "start", text);
    }
    return svg != NULL && svg_end(svg);
}

bool table_save(const char *path)
{
    FILE *stream = fopen(path, "we");

    if (stream == NULL)
        return false;
    for (int i = 0; i < row_count; i++)
        if (limited(&rows[i]) < 0)
            fprintf(stream, "%s\t-\n", rows[i].name);
        else
            fprintf(stream, "%s\t%.3f\n", rows[i].name, limited(&rows[i]));
    return fclose(stream) == 0;
}
