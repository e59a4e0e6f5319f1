/* SPDX-License-Identifier: MIT
 *
 * json: what others need to write JSON as print_json() does.
 */
#ifndef FORKLAB_JSON_H
#define FORKLAB_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "report/report.h"

/* Makes cJSON use xcalloc(). Call it before anything else of cJSON. */
void json_use_our_memory(void);

/* A run as an object, by run.schema.json. The caller owns it. */
cJSON *json_of_run(const struct report *report);

/* Adds a text, as valid UTF-8; NULL becomes null. */
void json_add_text(cJSON *object, const char *name, const char *text);

/* Adds a number; 0 stands for unknown and becomes null. */
void json_add_known(cJSON *object, const char *name, long number);

/* Writes the value and a newline, and frees the value. False if it could not be
 * written (errno tells). */
bool json_print(FILE *stream, cJSON *value);

#endif
