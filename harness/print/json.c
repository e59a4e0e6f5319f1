/* SPDX-License-Identifier: MIT
 *
 * json: see json.h; and a report as JSON, by run.schema.json.
 *
 * Names are for good: add some, never rename one.
 */
#define _GNU_SOURCE
#include "print/json.h"
#include "base/version.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "base/utf8.h"
#include "print/printers.h"

/* ---- values ---- */

/* In the form that cJSON wants: to run out of memory ends the program. */
static void *allocate(size_t size)
{
    return xcalloc(1, size);
}

void json_use_our_memory(void)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = free};

    cJSON_InitHooks(&hooks);
}

static cJSON *bytes_value(const char *text, size_t length)
{
    char *valid = text_valid(text, length);
    cJSON *value = cJSON_CreateString(valid);

    free(valid);
    return value;
}

static cJSON *text_value(const char *text)
{
    return text ? bytes_value(text, strlen(text)) : cJSON_CreateNull();
}

void json_add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, text_value(text));
}

static void add_number(cJSON *object, const char *name, double number)
{
    cJSON_AddNumberToObject(object, name, number);
}

/* Microseconds are as far as times of different clocks can be compared. */
static void add_ms(cJSON *object, const char *name, double ms)
{
    int64_t us =
        isfinite(ms) ? (int64_t)(ms * 1000 + (ms < 0 ? -0.5 : 0.5)) : 0;

    add_number(object, name, (double)us / 1000);
}

void json_add_known(cJSON *object, const char *name, long number)
{
    if (number != 0)
        add_number(object, name, (double)number);
    else
        cJSON_AddNullToObject(object, name);
}

/* A number with 64 bits, which JSON's numbers have not. */
static cJSON *hex_value(unsigned long number)
{
    char text[32];

    snprintf(text, sizeof(text), "0x%lx", number);
    return cJSON_CreateString(text);
}

static void add_strings(cJSON *object, const char *name,
                        const struct strings *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < list->count; i++)
        cJSON_AddItemToArray(array, text_value(list->item[i]));
}

static void add_shown(cJSON *object, const char *name, const struct facts *list)
{
    struct strings shown = facts_shown(list);

    add_strings(object, name, &shown);
    strings_free(&shown);
}

/* ---- a run ---- */

static cJSON *look_value(const struct look *look)
{
    const char state[] = {look->state, '\0'};
    cJSON *value = cJSON_CreateObject();

    add_number(value, "pid", look->pid);
    add_number(value, "tid", look->tid);
    json_add_text(value, "name", look->name);
    json_add_text(value, "state", state);
    json_add_text(value, "call", look->call);
    add_number(value, "number", (double)look->number);
    cJSON *args = cJSON_AddArrayToObject(value, "args");
    for (size_t i = 0; i < 6; i++)
        cJSON_AddItemToArray(args, hex_value(look->args[i]));
    cJSON_AddItemToObject(value, "sp", hex_value(look->sp));
    cJSON_AddItemToObject(value, "pc", hex_value(look->pc));
    add_number(value, "voluntary", (double)look->voluntary);
    add_number(value, "forced", (double)look->forced);
    return value;
}

static void add_looks(cJSON *object, const char *name,
                      const struct looks *looks)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < looks->count; i++)
        cJSON_AddItemToArray(array, look_value(&looks->item[i]));
}

/* null where nobody asked for it, or nothing was proved. */
static void add_falsified(cJSON *run, const struct falsified *falsified)
{
    if (falsified->seconds <= 0) {
        cJSON_AddNullToObject(run, "falsified");
        return;
    }
    cJSON *value = cJSON_AddObjectToObject(run, "falsified");
    add_number(value, "seconds", falsified->seconds);
    cJSON_AddBoolToObject(value, "part", falsified->part);
    json_add_text(value, "moved", falsified->moved);
    add_ms(value, "after_ms", falsified->after_ms);
    add_looks(value, "before", &falsified->before);
    add_looks(value, "after", &falsified->after);
}

/* "function (file:line)", innermost first. */
static char *frame_text(const struct frame *frame)
{
    const char *function = frame->function ? frame->function : "?";

    if (frame->file == NULL || frame->line == 0)
        return xstrdup(function);
    return xasprintf("%s (%s:%d)", function, frame->file, frame->line);
}

static cJSON *stack_value(const struct frame *frames, size_t count)
{
    cJSON *stack = cJSON_CreateArray();

    for (size_t i = 0; i < count; i++) {
        char *text = frame_text(&frames[i]);
        cJSON_AddItemToArray(stack, text_value(text));
        free(text);
    }
    return stack;
}

static cJSON *others_value(const struct thread_report *thread)
{
    cJSON *others = cJSON_CreateArray();

    for (size_t i = 0; i < thread->other_count; i++) {
        const struct other *other = &thread->others[i];
        cJSON *value = cJSON_CreateObject();
        add_number(value, "pid", other->pid);
        json_add_text(value, "command", other->name);
        if (other->fd >= 0)
            add_number(value, "fd", other->fd);
        else
            cJSON_AddNullToObject(value, "fd");
        cJSON_AddBoolToObject(value, "same_end", other->same_end);
        cJSON_AddItemToArray(others, value);
    }
    return others;
}

static cJSON *thread_value(const struct thread_report *thread)
{
    cJSON *value = cJSON_CreateObject();

    add_number(value, "tid", thread->tid);
    json_add_text(value, "name", thread->name);
    cJSON_AddBoolToObject(value, "stuck", thread->stuck);
    cJSON_AddBoolToObject(value, "root", thread->root);
    json_add_text(value, "waits", waits_word(thread->waits));
    json_add_text(value, "function", thread->function);
    json_add_text(value, "file", thread->file);
    json_add_known(value, "line", thread->line);
    json_add_text(value, "object", thread->object);
    json_add_text(value, "detail", thread->detail);
    json_add_known(value, "owner", thread->owner);
    json_add_text(value, "owner_is", owner_word(thread->owner_is));
    json_add_text(value, "why", thread->why);
    cJSON_AddBoolToObject(value, "suspect", thread->suspect);
    cJSON_AddItemToObject(value, "others", others_value(thread));
    cJSON_AddItemToObject(value, "stack",
                          stack_value(thread->stack, thread->frames));
    cJSON_AddItemToObject(value, "script",
                          stack_value(thread->script, thread->script_frames));
    json_add_text(value, "language",
                  thread->script_frames > 0 ? thread->language : NULL);
    return value;
}

static cJSON *process_value(const struct process_report *process)
{
    bool coded = process->end == END_EXIT || process->end == END_KILLED;
    cJSON *value = cJSON_CreateObject();

    json_add_text(value, "role", process->role);
    json_add_text(value, "command", process->name);
    cJSON_AddBoolToObject(value, "unasked", process->unasked);
    add_number(value, "pid", process->pid);
    json_add_known(value, "inner_pid", process->inner_pid);
    json_add_known(value, "parent", process->parent);
    json_add_text(value, "end", end_word(process->end));
    if (coded)
        add_number(value, "code", process->code);
    else
        cJSON_AddNullToObject(value, "code");
    cJSON_AddBoolToObject(value, "zombie", process->zombie);
    cJSON_AddBoolToObject(value, "left_behind", process->left_behind);
    if (process->ms_ended > 0)
        add_ms(value, "ms_ended", process->ms_ended);
    else
        cJSON_AddNullToObject(value, "ms_ended");
    cJSON *threads = cJSON_AddArrayToObject(value, "threads");
    for (size_t i = 0; i < process->thread_count; i++)
        cJSON_AddItemToArray(threads, thread_value(&process->threads[i]));
    return value;
}

static cJSON *record_value(const struct record *record)
{
    cJSON *value = cJSON_CreateObject();

    add_ms(value, "ms", record->ms);
    json_add_known(value, "pid", record->pid);
    json_add_text(value, "stream", record->stream == 1 ? "stdout" : "stderr");
    cJSON_AddItemToObject(value, "text",
                          bytes_value(record->text, record->length));
    return value;
}

static void add_what(cJSON *run, const struct report *report)
{
    json_add_text(run, "forklab", FORKLAB_VERSION);
    json_add_known(run, "lab", report->lab);
    json_add_text(run, "n", report->n);
    json_add_text(run, "stem", report->stem);
    json_add_text(run, "title", report->title);
    json_add_text(run, "program", report->program);
    json_add_text(run, "variant", variant_word(report->variant));
}

static void add_outcome(cJSON *run, const struct report *report)
{
    char title[64];
    const char *outcome = outcome_word(report->outcome);
    const char *nearest = outcome_word(report->nearest);

    verdict_title(report, title, sizeof(title));
    json_add_text(run, "outcome", outcome[0] ? outcome : NULL);
    json_add_text(run, "verdict", verdict_word(report->verdict));
    json_add_text(run, "verdict_title", title);
    cJSON_AddBoolToObject(run, "proved", report->proved);
    add_number(run, "status", report->code);
    cJSON_AddBoolToObject(run, "cured", report->cured);
    json_add_text(run, "reason", report->reason);
    json_add_text(run, "limit", report->limit);
    json_add_text(run, "why", report->why);
    json_add_text(run, "unless", report->unless);
    add_strings(run, "notes", &report->notes);
    json_add_text(run, "nearest", nearest[0] ? nearest : NULL);
    add_shown(run, "missing", &report->missing);
    add_shown(run, "unexpected", &report->unexpected);
}

static void add_times(cJSON *run, const struct report *report)
{
    cJSON *ms = cJSON_AddObjectToObject(run, "ms");

    add_ms(ms, "total", report->ms_total);
    add_ms(ms, "stuck_to_verdict", report->ms_stuck_to_verdict);
    add_ms(ms, "autopsy", report->ms_autopsy);
    add_ms(ms, "verdict_at", report->ms_verdict_at);
    add_number(run, "deadline_s", report->deadline_s);
    add_falsified(run, &report->falsified);
}

static void add_records(cJSON *run, const struct report *report)
{
    cJSON *output = cJSON_AddObjectToObject(run, "output");
    cJSON *records = cJSON_AddArrayToObject(run, "records");

    add_number(output, "bytes", (double)report->output_bytes);
    add_number(output, "kept", (double)report->output_kept);
    for (size_t i = 0; i < report->record_count; i++)
        cJSON_AddItemToArray(records, record_value(&report->records[i]));
}

static void add_machine(cJSON *run, const struct report *report)
{
    cJSON *machine = cJSON_AddObjectToObject(run, "machine");

    json_add_text(machine, "libc", report->machine.libc);
    json_add_text(machine, "kernel", report->machine.kernel);
    json_add_text(machine, "arch", report->machine.arch);
}

cJSON *json_of_run(const struct report *report)
{
    cJSON *run = cJSON_CreateObject();

    add_what(run, report);
    add_outcome(run, report);
    add_times(run, report);
    add_strings(run, "evidence", &report->evidence);
    add_shown(run, "findings", &report->findings);
    cJSON *processes = cJSON_AddArrayToObject(run, "processes");
    for (size_t i = 0; i < report->process_count; i++)
        cJSON_AddItemToArray(processes, process_value(&report->processes[i]));
    add_records(run, report);
    add_number(run, "left_behind", report->left_behind);
    add_number(run, "still_there", report->still_there);
    json_add_text(run, "not_removed", report->not_removed);
    json_add_text(run, "tmp_note", report->tmp_note);
    json_add_text(run, "layers", report->layers);
    add_machine(run, report);
    return run;
}

bool json_print(FILE *stream, cJSON *value)
{
    char *text = cJSON_Print(value);

    cJSON_Delete(value);
    if (text == NULL) {
        errno = ENOMEM;
        return false;
    }
    bool done = fputs(text, stream) != EOF && fputc('\n', stream) != EOF &&
                fflush(stream) == 0;
    free(text);
    return done;
}

bool print_json(FILE *stream, const struct report *report)
{
    json_use_our_memory();
    return json_print(stream, json_of_run(report));
}

/* ---- the list of labs ---- */

/* Each fact as its header has it. */
static void add_facts(cJSON *object, const char *name,
                      const struct facts *facts)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < facts->count; i++) {
        cJSON *fact = cJSON_CreateObject();
        add_number(fact, "count", facts->item[i].count);
        json_add_text(fact, "fact", facts->item[i].text);
        if (facts->item[i].optional)
            cJSON_AddTrueToObject(fact, "may");
        cJSON_AddItemToArray(array, fact);
    }
}

/* "4.19", the first version that has cured the hazard; null: none has. */
static void add_cured_in_linux(cJSON *value, const struct lab *lab)
{
    char version[32];

    if (lab->cured_in_linux.major == 0) {
        cJSON_AddNullToObject(value, "cured_in_linux");
        return;
    }
    snprintf(version, sizeof(version), "%u.%u", lab->cured_in_linux.major,
             lab->cured_in_linux.minor);
    cJSON_AddStringToObject(value, "cured_in_linux", version);
}

/* What differs with musl; null: nothing, [] for a hazard that it has cured. */
static void add_musl(cJSON *value, const struct lab *lab)
{
    if (lab->cured_in_musl || lab->hazard_musl.count > 0)
        add_facts(value, "hazard_musl", &lab->hazard_musl);
    else
        cJSON_AddNullToObject(value, "hazard_musl");
    if (lab->safe_musl.count > 0)
        add_facts(value, "safe_musl", &lab->safe_musl);
    else
        cJSON_AddNullToObject(value, "safe_musl");
}

static const char *output_word(enum output_kind kind)
{
    switch (kind) {
    case OUTPUT_SEQPACKET:
        return "socket";
    case OUTPUT_PIPE:
        return "pipe";
    case OUTPUT_PTY:
        return "pty";
    case OUTPUT_FILE:
        return "file";
    }
    return "unknown";
}

static cJSON *lab_value(const struct lab *lab)
{
    cJSON *value = cJSON_CreateObject();

    add_number(value, "number", lab->number);
    json_add_text(value, "name", lab->name);
    json_add_text(value, "title", lab->title);
    json_add_text(value, "chapter", chapter_name(lab->number));
    json_add_text(value, "source", lab->source);
    json_add_text(value, "output", output_word(lab->output));
    cJSON *needs = cJSON_AddArrayToObject(value, "needs");
    for (size_t i = 0; i < lab->need_count; i++)
        cJSON_AddItemToArray(needs, text_value(lab->needs[i]));
    json_add_text(value, "bare", lab->bare);
    add_facts(value, "hazard", &lab->hazard);
    add_facts(value, "safe", &lab->safe);
    add_musl(value, lab);
    add_cured_in_linux(value, lab);
    return value;
}

bool print_json_list(FILE *stream, const struct lab_list *list)
{
    json_use_our_memory();
    cJSON *array = cJSON_CreateArray();

    for (size_t i = 0; i < list->count; i++)
        cJSON_AddItemToArray(array, lab_value(&list->lab[i]));
    return json_print(stream, array);
}
