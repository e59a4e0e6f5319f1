/* SPDX-License-Identifier: MIT
 *
 * report_fuzz: the printers must stand whatever a program writes, and what it
 * calls itself: no control byte leaves them, no line is too wide, and JSON
 * stays JSON. libFuzzer, `make fuzz`.
 */
#define _GNU_SOURCE
#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/judge.h"
#include "report/findings.h"
#include "cage/output.h"
#include "print/printers.h"
#include "report/report.h"

#define COLUMNS 80
#define LINES 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
    if (!good)
        abort();
}

/* The input, cut into records at each byte 1; the byte after it says who wrote
 * it, on which stream, and when. */
static void make_records(struct report *report, const uint8_t *data,
                         size_t size)
{
    size_t at = 0;

    report->records = xcalloc(size + 1, sizeof(struct record));
    while (at < size && report->record_count < 64) {
        uint8_t how = data[at++];
        size_t from = at;
        while (at < size && data[at] != 1)
            at++;
        char *text = xcalloc(at - from + 1, 1);
        memcpy(text, data + from, at - from);
        report->records[report->record_count] =
            (struct record){.ms = (double)report->record_count * (how % 7),
                            .pid = how % 4 ? 100 + how % 4 : 0,
                            .stream = how & 16 ? 1 : 2,
                            .text = text,
                            .length = at - from};
        report->record_count++;
        report->output_bytes += at - from;
        at += at < size;
    }
    report->output_kept = report->output_bytes;
}

static void make_processes(struct report *report, const uint8_t *data,
                           size_t size)
{
    report->process_count = 3;
    report->processes = xcalloc(3, sizeof(struct process_report));
    for (size_t i = 0; i < 3; i++) {
        struct process_report *process = &report->processes[i];
        process->pid = process->inner_pid = (pid_t)(101 + i);
        process->parent = i ? 101 : 1;
        process->end = size > i ? data[i] % 5 : END_ALIVE;
        process->code = size > i ? data[i] : 0;
        for (size_t k = 0; k < ROLE_SIZE - 1 && 3 * k + i < size; k++)
            process->role[k] = (char)data[3 * k + i];
    }
}

static void check_page(const struct report *report)
{
    const struct style style = {.columns = COLUMNS, .lines = LINES};
    char *text = NULL;
    size_t size = 0, width = 0;
    FILE *stream = open_memstream(&text, &size);

    must(stream != NULL);
    print_page(stream, style, report, NULL, "make list");
    fclose(stream);
    for (size_t i = 0; i < size; i++) {
        width = text[i] == '\n' ? 0 : width + 1;
        must(text[i] == '\n' || (text[i] >= ' ' && text[i] < 127));
        must(width <= COLUMNS);
    }
    free(text);
}

static void check_json(const struct report *report)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    must(stream != NULL && print_json(stream, report));
    fclose(stream);
    cJSON *parsed = cJSON_ParseWithLength(text, size);
    must(parsed != NULL);
    cJSON_Delete(parsed);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report report = {.variant = VARIANT_COMMAND,
                            .program = xstrdup("program"),
                            .verdict = VERDICT_EXIT};

    make_records(&report, data, size);
    make_processes(&report, data, size);
    output_finish(&report);
    report_findings(&report);
    check_page(&report);
    check_json(&report);
    report_free(&report);
    return 0;
}
