/* SPDX-License-Identifier: MIT
 *
 * choice: which rows are measured, and how often. See bench.h.
 */
#define _GNU_SOURCE
#include <string.h>

#include "bench/bench.h"

bool quick;
const char *only_rows;

bool wanted(const char *name)
{
    return only_rows == NULL || strstr(name, only_rows) != NULL;
}

bool named(const char *name)
{
    return only_rows != NULL && strcmp(name, only_rows) == 0;
}

int runs_of(int many, int few)
{
    return quick ? few : many;
}
