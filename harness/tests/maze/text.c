/* SPDX-License-Identifier: MIT
 *
 * text: a plan as text, see maze.h: a line for each actor, and for each step.
 */
#define _GNU_SOURCE
#include "maze.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"

static const char *const names[] = {
#define NAME(name) #name,
    STEPS(NAME)
#undef NAME
};

void plan_print(void)
{
    printf("mutexes");
    for (int i = 0; i < MUTEXES; i++)
        printf(" %d", plan.mutex_type[i]);
    printf("\npairs");
    for (int i = 0; i < PAIRS; i++)
        printf(" %d", plan.pair_type[i]);
    printf("\nevents %d\nuses", plan.event_flags);
    for (int i = 0; i < SLOTS; i++)
        if (plan.uses[i])
            printf(" %d", i);
    printf("\n");
    for (int i = 0; i < plan.count; i++) {
        const struct actor *actor = &plan.actor[i];
        printf("actor %d: %s of %d, in process %d\n", i,
               actor->is_process ? "child" : "thread", actor->parent,
               actor->process);
        for (int k = 0; k < actor->count; k++)
            printf("    %s %d %d %d\n", names[actor->step[k].op],
                   actor->step[k].a, actor->step[k].b, actor->step[k].where);
    }
}

/* ---- reading ---- */

/* The numbers after the first word; returns how many. */
static int read_numbers(const char *line, int *number, int most)
{
    const char *at = strchr(line, ' ');
    char *end;
    int count = 0;

    while (at != NULL && count < most) {
        number[count] = (int)strtol(at, &end, 10);
        if (end == at)
            break;
        count++;
        at = end;
    }
    return count;
}

static void read_actor(const char *line)
{
    struct actor *actor = &plan.actor[plan.count];
    char kind[16];

    if (plan.count++ == MAX_ACTORS ||
        sscanf(line, "actor %*d: %15s of %d, in process %d", kind,
               &actor->parent, &actor->process) != 3)
        die("actor");
    actor->is_process = strcmp(kind, "child") == 0;
}

static void read_step(const char *line)
{
    char name[32];

    if (plan.count == 0)
        die("step");
    struct actor *actor = &plan.actor[plan.count - 1];
    struct step *step = &actor->step[actor->count];
    if (actor->count++ == MAX_STEPS ||
        sscanf(line, " %31s %d %d %d", name, &step->a, &step->b,
               &step->where) != 4)
        die("step");
    for (int op = 0; op < OPS; op++)
        if (strcmp(name, names[op]) == 0) {
            step->op = (enum op)op;
            return;
        }
    die(name);
}

static void read_line(const char *line)
{
    int number[SLOTS];

    if (line[0] == ' ')
        read_step(line);
    else if (strncmp(line, "actor", 5) == 0)
        read_actor(line);
    else if (strncmp(line, "mutexes", 7) == 0)
        read_numbers(line, plan.mutex_type, MUTEXES);
    else if (strncmp(line, "pairs", 5) == 0)
        read_numbers(line, plan.pair_type, PAIRS);
    else if (strncmp(line, "events", 6) == 0)
        read_numbers(line, &plan.event_flags, 1);
    else if (strncmp(line, "uses", 4) == 0)
        for (int i = read_numbers(line, number, SLOTS); i > 0; i--)
            plan.uses[number[i - 1] % SLOTS] = true;
}

/* Lines that begin with "#" are comments. */
void plan_read(const char *path)
{
    char line[512];
    FILE *stream = fopen(path, "re");

    if (stream == NULL)
        die(path);
    while (fgets(line, sizeof(line), stream) != NULL)
        read_line(line);
    fclose(stream);
}
