/* SPDX-License-Identifier: MIT
 *
 * results: see results.h.
 */
#define _GNU_SOURCE
#include "course/results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "base/escape.h"
#include "base/files.h"
#include "base/next.h"
#include "print/json.h"
#include "report/report.h"

#define MAX_EXERCISM 500 /* bytes of output: their limit is in characters */

const char *const results_files[] = {"results.json",  "junit.xml",
                                     "results.tap",   "classroom.json",
                                     "exercism.json", NULL};

static const char *text_or(const char *text, const char *instead)
{
    return text != NULL ? text : instead;
}

/* "make check-31", and the seed that shows it. The caller frees it. */
static char *command_of(const struct graded *graded)
{
    return next_command((struct next){.verb = "check",
                                      .number = graded->lab->number,
                                      .seed = graded->seed,
                                      .portable = true});
}

static bool failed(const struct graded *graded)
{
    return graded->mark != MARK_PASS && graded->mark != MARK_SKIP;
}

/* How UTF-8 begins: at most so many bytes, no character torn. */
static char *beginning(const char *text, size_t most)
{
    size_t length = strlen(text);

    if (length > most)
        for (length = most; length > 0 && (text[length] & 0xC0) == 0x80;)
            length--;
    return xasprintf("%.*s", (int)length, text);
}

/* ---- JSON ---- */

static void add_text(cJSON *object, const char *name, const char *text)
{
    if (text != NULL)
        cJSON_AddStringToObject(object, name, text);
    else
        cJSON_AddNullToObject(object, name);
}

static void add_free(cJSON *object, const char *name, char *text)
{
    add_text(object, name, text);
    free(text);
}

static void add_name(cJSON *test, const struct graded *graded)
{
    add_free(test, "name",
             xasprintf("Lab %d: %s", graded->lab->number, graded->lab->name));
}

static bool write_json(FILE *stream, cJSON *value)
{
    char *text = cJSON_Print(value);

    cJSON_Delete(value);
    bool good = text != NULL && fprintf(stream, "%s\n", text) > 0;
    free(text);
    return good;
}

/* ---- Gradescope ---- */

static cJSON *gradescope_test(const struct graded *graded)
{
    cJSON *test = cJSON_CreateObject();
    char letter[2] = {grade_letter(graded->mark), '\0'};
    bool counts = graded->mark != MARK_SKIP;

    add_free(test, "number", xasprintf("%d", graded->lab->number));
    add_name(test, graded);
    if (counts) {
        cJSON_AddNumberToObject(test, "score", graded->mark == MARK_PASS);
        cJSON_AddNumberToObject(test, "max_score", 1);
        add_text(test, "status", failed(graded) ? "failed" : "passed");
    }
    add_text(test, "visibility", "visible");
    cJSON *tags = cJSON_AddArrayToObject(test, "tags");
    cJSON_AddItemToArray(tags, cJSON_CreateString(grade_word(graded)));
    add_text(test, "output_format", "text");
    add_free(test, "output",
             graded->output && graded->output[0]
                 ? xasprintf("%s\n\n%s", text_or(graded->message, ""),
                             graded->output)
                 : xstrdup(text_or(graded->message, "")));
    cJSON *extra = cJSON_AddObjectToObject(test, "extra_data");
    cJSON_AddNumberToObject(extra, "lab", graded->lab->number);
    add_text(extra, "result", grade_word(graded));
    add_text(extra, "letter", letter);
    add_text(extra, "verdict", graded->verdict);
    add_text(extra, "flag", graded->flag);
    add_text(extra, "file", graded->file);
    cJSON_AddNumberToObject(extra, "line", graded->line);
    cJSON_AddNumberToObject(extra, "seed", graded->seed);
    cJSON_AddNumberToObject(extra, "seconds", graded->seconds);
    cJSON_AddNumberToObject(extra, "slowest_ms", graded->slowest_ms);
    return test;
}

static bool gradescope(FILE *stream, const struct grades *grades)
{
    cJSON *all = cJSON_CreateObject();

    cJSON_AddNumberToObject(all, "score", grade_score(grades));
    cJSON_AddNumberToObject(all, "execution_time", grades->seconds);
    add_free(all, "output",
             xasprintf("%d of %d labs are safe.", grade_score(grades),
                       grade_most(grades)));
    add_text(all, "output_format", "text");
    add_text(all, "stdout_visibility", "hidden");
    cJSON *tests = cJSON_AddArrayToObject(all, "tests");
    for (size_t i = 0; i < grades->count; i++)
        cJSON_AddItemToArray(tests, gradescope_test(&grades->item[i]));
    return write_json(stream, all);
}

/* ---- GitHub Classroom ---- */

static const char *classroom_status(const struct graded *graded)
{
    if (graded->mark == MARK_ERROR || graded->mark == MARK_COMPILER)
        return "error";
    return failed(graded) ? "fail" : "pass";
}

/* A lab that is skipped is no test there: its format has no such thing. */
static bool classroom(FILE *stream, const struct grades *grades)
{
    cJSON *all = cJSON_CreateObject();
    bool pass = true;

    cJSON_AddNumberToObject(all, "version", 1);
    for (size_t i = 0; i < grades->count; i++)
        pass = pass && !failed(&grades->item[i]);
    add_text(all, "status", pass ? "pass" : "fail");
    cJSON_AddNumberToObject(all, "max_score", grade_most(grades));
    cJSON *tests = cJSON_AddArrayToObject(all, "tests");
    for (size_t i = 0; i < grades->count; i++) {
        const struct graded *graded = &grades->item[i];
        if (graded->mark == MARK_SKIP)
            continue;
        cJSON *test = cJSON_CreateObject();
        add_name(test, graded);
        add_text(test, "status", classroom_status(graded));
        cJSON_AddNumberToObject(test, "score", graded->mark == MARK_PASS);
        add_text(test, "message", text_or(graded->message, ""));
        add_free(test, "test_code", command_of(graded));
        add_text(test, "filename", text_or(graded->file, ""));
        cJSON_AddNumberToObject(test, "line_no", graded->line);
        cJSON_AddNumberToObject(test, "duration",
                                (double)(long)(graded->seconds * 1000));
        cJSON_AddItemToArray(tests, test);
    }
    return write_json(stream, all);
}

/* ---- Exercism ---- */

static cJSON *exercism_test(const struct graded *graded)
{
    cJSON *test = cJSON_CreateObject();

    add_name(test, graded);
    add_text(test, "status", classroom_status(graded));
    add_text(test, "message",
             failed(graded) ? text_or(graded->message, grade_word(graded))
                            : NULL);
    add_free(test, "output",
             beginning(text_or(graded->output, ""), MAX_EXERCISM));
    add_free(test, "test_code", command_of(graded));
    cJSON_AddNumberToObject(test, "task_id", graded->lab->number);
    return test;
}

/* "error" means there that nothing ran at all; then there is one message. */
static bool exercism(FILE *stream, const struct grades *grades)
{
    cJSON *all = cJSON_CreateObject();
    bool any = false, pass = true;

    for (size_t i = 0; i < grades->count; i++) {
        enum mark mark = grades->item[i].mark;
        any = any || (mark != MARK_PENDING && mark != MARK_NOT_STARTED &&
                      mark != MARK_UNCHANGED && mark != MARK_SKIP &&
                      mark != MARK_ERROR);
        pass = pass && !failed(&grades->item[i]);
    }
    cJSON_AddNumberToObject(all, "version", 3);
    add_text(all, "status", !any ? "error" : pass ? "pass" : "fail");
    add_text(all, "message",
             any ? NULL : "There is no attempt that could be checked.");
    cJSON *tests = cJSON_AddArrayToObject(all, "tests");
    for (size_t i = 0; i < grades->count; i++)
        if (grades->item[i].mark != MARK_SKIP)
            cJSON_AddItemToArray(tests, exercism_test(&grades->item[i]));
    return write_json(stream, all);
}

/* ---- JUnit ---- */

static void put_element(FILE *stream, const char *start, const char *text,
                        const char *end)
{
    fputs(start, stream);
    escape_xml(stream, text);
    fputs(end, stream);
}

static void junit_case(FILE *stream, const struct graded *graded)
{
    const char *message = text_or(graded->message, grade_word(graded));

    fprintf(stream,
            "    <testcase classname=\"labs\" name=\"lab %d %s\" "
            "time=\"%.3f\">\n",
            graded->lab->number, graded->lab->name, graded->seconds);
    if (graded->mark == MARK_SKIP)
        put_element(stream, "      <skipped>", message, "</skipped>\n");
    else if (graded->mark == MARK_ERROR)
        put_element(stream, "      <error type=\"error\">", message,
                    "</error>\n");
    else if (failed(graded)) {
        fprintf(stream, "      <failure type=\"%s\">", grade_word(graded));
        put_element(stream, "", message, "</failure>\n");
    }
    if (graded->output != NULL && graded->output[0] != '\0')
        put_element(stream, "      <system-out>", graded->output,
                    "</system-out>\n");
    fputs("    </testcase>\n", stream);
}

static bool junit(FILE *stream, const struct grades *grades)
{
    int failures = 0, errors = 0, skipped = 0;
    char when[32];
    time_t now = time(NULL);
    struct tm parts;

    gmtime_r(&now, &parts);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &parts);
    for (size_t i = 0; i < grades->count; i++) {
        errors += grades->item[i].mark == MARK_ERROR;
        skipped += grades->item[i].mark == MARK_SKIP;
        failures +=
            failed(&grades->item[i]) && grades->item[i].mark != MARK_ERROR;
    }
    fprintf(stream,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites time=\"%.3f\">\n"
            "  <testsuite name=\"labs\" tests=\"%zu\" failures=\"%d\" "
            "errors=\"%d\" skipped=\"%d\" time=\"%.3f\" timestamp=\"%s\" "
            "hostname=\"forklab\">\n",
            grades->seconds, grades->count, failures, errors, skipped,
            grades->seconds, when);
    for (size_t i = 0; i < grades->count; i++)
        junit_case(stream, &grades->item[i]);
    fputs("  </testsuite>\n</testsuites>\n", stream);
    return !ferror(stream);
}

/* ---- TAP ---- */

/* A string of JSON is one of YAML, too, on one line, and so cannot look like a
 * line of TAP. */
static void put_yaml(FILE *stream, const char *name, const char *text)
{
    cJSON *value = cJSON_CreateString(text);
    char *quoted = cJSON_PrintUnformatted(value);

    fprintf(stream, "  %s: %s\n", name, quoted ? quoted : "\"\"");
    free(quoted);
    cJSON_Delete(value);
}

/* Behind a "#" a reader of TAP looks for SKIP. */
static void put_tap(FILE *stream, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '#' || *at == '\\')
            fputc('\\', stream);
        fputc((unsigned char)*at < 0x20 ? ' ' : *at, stream);
    }
}

static bool tap(FILE *stream, const struct grades *grades)
{
    fprintf(stream, "TAP version 13\n1..%zu\n", grades->count);
    for (size_t i = 0; i < grades->count; i++) {
        const struct graded *graded = &grades->item[i];
        fprintf(stream, "%sok %zu - lab %d: %s", failed(graded) ? "not " : "",
                i + 1, graded->lab->number, graded->lab->name);
        if (graded->mark == MARK_SKIP) {
            fputs(" # SKIP ", stream);
            put_tap(stream, text_or(graded->message, ""));
        }
        fputc('\n', stream);
        if (!failed(graded))
            continue;
        char *command = command_of(graded);
        fputs("  ---\n", stream);
        put_yaml(stream, "result", grade_word(graded));
        put_yaml(stream, "message", text_or(graded->message, ""));
        put_yaml(stream, "next", command);
        fputs("  ...\n", stream);
        free(command);
    }
    return !ferror(stream);
}

/* ---- the files ---- */

static bool (*const writers[])(FILE *, const struct grades *) = {
    gradescope, junit, tap, classroom, exercism};

static bool write_whole(const char *path, size_t which,
                        const struct grades *grades)
{
    struct fresh_file file;
    bool good = fresh_open(&file, path) && writers[which](file.stream, grades);

    return fresh_close(&file) && good;
}

char *results_write(const char *directory, const struct grades *grades)
{
    json_use_our_memory();
    for (size_t i = 0; results_files[i] != NULL; i++) {
        char *path = xasprintf("%s/%s", directory, results_files[i]);
        bool good = write_whole(path, i, grades);
        char *error =
            good ? NULL
                 : xasprintf("cannot write %s: %s", path, strerror(errno));
        free(path);
        if (error != NULL)
            return error;
    }
    return NULL;
}
