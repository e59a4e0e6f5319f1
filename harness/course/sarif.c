/* SPDX-License-Identifier: MIT
 *
 * sarif: see sarif.h.
 */
#define _GNU_SOURCE
#include "course/sarif.h"

#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "base/memory.h"
#include "base/uri.h"
#include "base/version.h"
#include "print/json.h"
#include "report/report.h"

#define SCHEMA                                                                 \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"      \
    "sarif-schema-2.1.0.json"

/* "error", "warning", "note"; NULL: nothing to be said. Static. */
static const char *level_of(const struct graded *graded)
{
    switch (graded->mark) {
    case MARK_HAZARD:
    case MARK_BROKEN:
    case MARK_COMPILER:
        return "error";
    case MARK_UNCHANGED:
        return "note";
    case MARK_PASS:
        return graded->flag != NULL ? "warning" : NULL;
    default:
        return NULL;
    }
}

static cJSON *text_object(const char *text)
{
    cJSON *object = cJSON_CreateObject();

    json_add_text(object, "text", text);
    return object;
}

static void add_rule(cJSON *rules, const struct lab *lab)
{
    cJSON *rule = cJSON_CreateObject();
    char *id = xasprintf("forklab/%02d", lab->number);

    json_add_text(rule, "id", id);
    json_add_text(rule, "name", lab->name);
    cJSON_AddItemToObject(rule, "shortDescription", text_object(lab->title));
    cJSON_AddItemToArray(rules, rule);
    free(id);
}

static void add_location(cJSON *result, const struct graded *graded)
{
    cJSON *location = cJSON_CreateObject();
    char *uri = uri_of_path(graded->file);
    cJSON *place = cJSON_AddObjectToObject(location, "physicalLocation");

    json_add_text(cJSON_AddObjectToObject(place, "artifactLocation"), "uri",
                  uri);
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(place, "region"),
                            "startLine", graded->line > 0 ? graded->line : 1);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(result, "locations"), location);
    free(uri);
}

static void add_result(cJSON *results, const struct graded *graded, int rule)
{
    cJSON *result = cJSON_CreateObject();
    char *id = xasprintf("forklab/%02d", graded->lab->number);

    json_add_text(result, "ruleId", id);
    cJSON_AddNumberToObject(result, "ruleIndex", rule);
    json_add_text(result, "level", level_of(graded));
    cJSON_AddItemToObject(
        result, "message",
        text_object(graded->message ? graded->message : grade_word(graded)));
    if (graded->file != NULL)
        add_location(result, graded);
    cJSON *more = cJSON_AddObjectToObject(result, "properties");
    json_add_text(more, "result", grade_word(graded));
    json_add_known(more, "seed", graded->seed);
    cJSON_AddItemToArray(results, result);
    free(id);
}

/* Was all checked? What was not is said. */
static void add_invocation(cJSON *run, const struct grades *grades)
{
    cJSON *invocation = cJSON_CreateObject();
    bool good = true;

    for (size_t i = 0; i < grades->count; i++)
        good = good && grades->item[i].mark != MARK_ERROR;
    cJSON_AddBoolToObject(invocation, "executionSuccessful", good);
    cJSON *told =
        cJSON_AddArrayToObject(invocation, "toolExecutionNotifications");
    for (size_t i = 0; i < grades->count; i++) {
        const struct graded *graded = &grades->item[i];
        if (graded->mark != MARK_ERROR)
            continue;
        cJSON *one = cJSON_CreateObject();
        char *text = xasprintf("lab %d: %s", graded->lab->number,
                               graded->message ? graded->message : "");
        json_add_text(one, "level", "error");
        cJSON_AddItemToObject(one, "message", text_object(text));
        cJSON_AddItemToArray(told, one);
        free(text);
    }
    cJSON_AddItemToArray(cJSON_AddArrayToObject(run, "invocations"),
                         invocation);
}

bool sarif_write(FILE *stream, const struct grades *grades)
{
    json_use_our_memory();
    cJSON *log = cJSON_CreateObject(), *run = cJSON_CreateObject();
    int rule = 0;

    json_add_text(log, "$schema", SCHEMA);
    json_add_text(log, "version", "2.1.0");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(log, "runs"), run);
    cJSON *driver =
        cJSON_AddObjectToObject(cJSON_AddObjectToObject(run, "tool"), "driver");
    json_add_text(driver, "name", "forklab");
    json_add_text(driver, "version", FORKLAB_VERSION);
    cJSON *rules = cJSON_AddArrayToObject(driver, "rules");
    add_invocation(run, grades);
    cJSON *results = cJSON_AddArrayToObject(run, "results");
    for (size_t i = 0; i < grades->count; i++) {
        if (level_of(&grades->item[i]) == NULL)
            continue;
        add_rule(rules, grades->item[i].lab);
        add_result(results, &grades->item[i], rule++);
    }
    return json_print(stream, log);
}

bool autolab_write(FILE *stream, const struct grades *grades)
{
    json_use_our_memory();
    cJSON *line = cJSON_CreateObject();
    cJSON *scores = cJSON_AddObjectToObject(line, "scores");

    for (size_t i = 0; i < grades->count; i++) {
        const struct graded *graded = &grades->item[i];
        if (graded->mark == MARK_SKIP)
            continue;
        char *name = xasprintf("lab-%02d", graded->lab->number);
        cJSON_AddNumberToObject(scores, name, graded->mark == MARK_PASS);
        free(name);
    }
    char *text = cJSON_PrintUnformatted(line);
    cJSON_Delete(line);
    bool good = text != NULL && fprintf(stream, "%s\n", text) > 0;
    free(text);
    return good;
}
