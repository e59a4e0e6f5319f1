/* SPDX-License-Identifier: MIT
 *
 * judge: see judge.h.
 *
 * A pure function of a report and a lab: nothing here asks the kernel.
 */
#define _GNU_SOURCE
#include "oracle/judge.h"

#include <limits.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/number.h"
#include "report/findings.h"

/* One fact with how often it was seen and how often it is expected. */
struct tally {
    struct fact fact; /* whose texts are the report's and the header's */
    long seen, expected;
    long allowed; /* beyond what is expected */
    size_t order; /* in which it came up */
};

struct tallies {
    struct tally *item;
    size_t count;
};

static int by_text(const void *one, const void *other)
{
    const struct tally *a = one, *b = other;
    int order = strcmp(a->fact.text, b->fact.text);

    if (order == 0)
        order = (int)a->fact.kind - (int)b->fact.kind;
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int by_order(const void *one, const void *other)
{
    const struct tally *a = one, *b = other;

    return (a->order > b->order) - (a->order < b->order);
}

static void put(struct tallies *tallies, struct fact fact, long seen,
                long expected)
{
    tallies->item[tallies->count] =
        (struct tally){fact, seen, expected, 0, tallies->count};
    tallies->count++;
}

/* Adds up what has the same text; the earliest one gives the order. A line that
 * the program wrote is never a finding, whatever it looks like. */
static void add_up(struct tallies *tallies)
{
    size_t kept = 0;

    qsort(tallies->item, tallies->count, sizeof(*tallies->item), by_text);
    for (size_t i = 0; i < tallies->count; i++) {
        struct tally *last = kept > 0 ? &tallies->item[kept - 1] : NULL;
        const struct tally *next = &tallies->item[i];
        if (last != NULL && strcmp(last->fact.text, next->fact.text) == 0 &&
            last->fact.kind == next->fact.kind) {
            last->seen += next->seen;
            last->expected += next->expected;
            last->allowed += next->allowed;
        } else {
            tallies->item[kept++] = *next;
        }
    }
    tallies->count = kept;
    qsort(tallies->item, kept, sizeof(*tallies->item), by_order);
}

/* Orphans are nobody's business, but for a lab that is about them. */
static bool asks_for_orphans(const struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        if (facts->item[i].kind == FACT_ADOPTED)
            return true;
    return false;
}

/* The line as the list writes it: the same, or with {} for its numbers. */
static const char *as_in_list(const struct facts *facts, const char *line)
{
    for (size_t i = 0; i < facts->count; i++)
        if (facts->item[i].kind == FACT_LINE &&
            strcmp(facts->item[i].text, line) == 0)
            return line;
    for (size_t i = 0; i < facts->count; i++)
        if (facts->item[i].kind == FACT_LINE &&
            strstr(facts->item[i].text, "{}") != NULL &&
            number_matches(facts->item[i].text, line))
            return facts->item[i].text;
    return line;
}

/* The fact of the list that any process may show; NULL: there is none. */
static const struct fact *of_any(const struct facts *facts,
                                 const struct fact *finding)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->item[i];
        if (fact->kind == finding->kind && strcmp(fact->role, "any") == 0 &&
            strcmp(fact->operand, finding->operand) == 0)
            return fact;
    }
    return NULL;
}

/* What any process may show counts once, however many show it. */
static void put_finding(struct tallies *tallies, const struct fact *finding,
                        const struct facts *facts)
{
    const struct fact *any = of_any(facts, finding);

    if (finding->kind == FACT_ADOPTED && !asks_for_orphans(facts))
        return;
    for (size_t i = 0; any != NULL && i < tallies->count; i++)
        if (tallies->item[i].seen > 0 &&
            tallies->item[i].fact.text == any->text)
            return;
    put(tallies, any != NULL ? *any : *finding, 1, 0);
}

/* The caller frees tallies->item; its texts are the report's and the list's. */
static void compare(const struct report *report, const struct facts *facts,
                    struct tallies *tallies)
{
    size_t room =
        facts->count + report->evidence.count + report->findings.count;

    *tallies = (struct tallies){xcalloc(room, sizeof(struct tally)), 0};
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->item[i];
        put(tallies, *fact, 0, fact->optional ? 0 : fact->count);
        tallies->item[i].allowed = fact->optional ? fact->count : 0;
    }
    for (size_t i = 0; i < report->evidence.count; i++)
        put(tallies,
            (struct fact){.text = (char *)(uintptr_t)as_in_list(
                              facts, report->evidence.item[i])},
            1, 0);
    for (size_t i = 0; i < report->findings.count; i++)
        put_finding(tallies, &report->findings.item[i], facts);
    add_up(tallies);
}

/* How often it was seen too often; less than 0: too seldom. */
static long surplus(const struct tally *tally)
{
    long more = tally->seen - tally->expected;

    if (more <= 0)
        return more;
    return more > tally->allowed ? more - tally->allowed : 0;
}

static long differences(const struct tallies *tallies)
{
    long sum = 0;

    for (size_t i = 0; i < tallies->count; i++)
        sum += labs(surplus(&tallies->item[i]));
    return sum;
}

static void note_differences(struct report *report,
                             const struct tallies *tallies)
{
    for (size_t i = 0; i < tallies->count; i++) {
        const struct tally *tally = &tallies->item[i];
        long more = surplus(tally);
        if (more < 0)
            facts_add_copy(&report->missing, &tally->fact, (int)-more);
        if (more > 0)
            facts_add_copy(&report->unexpected, &tally->fact, (int)more);
    }
}

/* Why the facts of this run count for nothing; NULL if they do. */
static char *no_evidence(const struct report *report)
{
    if (report->limit != NULL)
        return xasprintf("it reached the limit of %s, and was ended for that",
                         report->limit);
    if (report_ended_by_deadline(report))
        return xasprintf(
            "the run ended at its deadline of %g s, which is not evidence",
            report->deadline_s);
    if (report->output_kept < report->output_bytes)
        return xasprintf("it wrote %zu bytes, of which only %zu were kept: "
                         "evidence may be missing",
                         report->output_bytes, report->output_kept);
    return NULL;
}

/* Which of them was ended by the signal of a limit, and for what; NULL if
 * nobody was. */
static char *limit_reached(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++) {
        const struct process_report *process = &report->processes[i];
        const char *limit =
            process->end == END_KILLED ? signal_limit(process->code) : NULL;
        if (limit != NULL)
            return xasprintf("%s, and %s was killed for it", limit,
                             process->role);
        if (process->end == END_KILLED && process->code == SIGKILL &&
            report->out_of_memory)
            return xasprintf("the machine or its cgroup ran out of memory, and "
                             "%s was killed",
                             process->role);
    }
    return NULL;
}

/* It shows all that is Safe, and has not done what shows it. */
static bool work_is_missing(struct report *report, const struct lab *lab)
{
    const char *word = work_word(lab->work & ~report->work);

    if (word != NULL && report->reason == NULL)
        report->reason = xasprintf("it prints what a cure prints but never "
                                   "created a %s: a cure does the lab's work",
                                   word);
    return word != NULL;
}

/* A role that only a program of this name has, taken by a name alone. */
static bool takes_a_name(struct report *report, const struct lab *lab)
{
    for (size_t i = 0; i < report->process_count; i++) {
        const struct process_report *process = &report->processes[i];
        for (size_t k = 0; k < lab->programs.count; k++) {
            if (process->executed ||
                strcmp(process->role, lab->programs.item[k]) != 0)
                continue;
            if (report->reason == NULL)
                report->reason =
                    xasprintf("%s is a name that a process took: a cure "
                              "executes a program that is called so",
                              process->role);
            return true;
        }
    }
    return false;
}

static enum outcome outcome_of(struct report *report, const struct lab *lab,
                               long from_safe, long from_hazard)
{
    char *reason = no_evidence(report);

    if (reason != NULL) {
        if (report->reason == NULL)
            report->reason = reason;
        else
            free(reason);
        return OUTCOME_BROKEN;
    }
    if (from_safe != 0 && from_hazard != 0) {
        if (report->reason == NULL)
            report->reason = limit_reached(report);
        return OUTCOME_BROKEN;
    }
    if (from_safe == 0 &&
        (work_is_missing(report, lab) || takes_a_name(report, lab)))
        return OUTCOME_BROKEN;
    return from_safe == 0 ? OUTCOME_SAFE : OUTCOME_HAZARD;
}

void judge(struct report *report, const struct lab *lab)
{
    struct tallies safe, hazard = {0};
    struct facts safe_facts, hazard_facts = {0};

    facts_free(&report->missing);
    facts_free(&report->unexpected);
    report->nearest = OUTCOME_NONE;
    if (report->outcome == OUTCOME_SKIP)
        return;
    if (lab == NULL) {
        report->outcome = OUTCOME_NONE;
        return;
    }
    const char *libc = report->machine.libc, *kernel = report->machine.kernel;
    const struct facts *dangerous = lab_hazard(lab, libc, kernel);
    report->cured = dangerous == NULL;
    if (report->cured && lab_cured_in_linux(lab, kernel))
        snprintf(report->cured_by, sizeof(report->cured_by), "Linux %u.%u",
                 lab->cured_in_linux.major, lab->cured_in_linux.minor);
    else if (report->cured)
        snprintf(report->cured_by, sizeof(report->cured_by), "musl");
    number_fill_facts(lab_safe(lab, libc), report->n, &safe_facts);
    compare(report, &safe_facts, &safe);
    if (dangerous != NULL) {
        number_fill_facts(dangerous, report->n, &hazard_facts);
        compare(report, &hazard_facts, &hazard);
    }
    /* Nothing is near to a hazard that does not exist. */
    long from_hazard = dangerous ? differences(&hazard) : LONG_MAX;
    long from_safe = differences(&safe);
    /* A student who tries a cure wants to know what is missing of Safe: only.
     */
    bool cure =
        report->variant != VARIANT_NONE && report->variant != VARIANT_LAB;
    bool nearer_safe = from_hazard != 0 && (cure || from_safe <= from_hazard);
    report->nearest = nearer_safe ? OUTCOME_SAFE : OUTCOME_HAZARD;
    note_differences(report, nearer_safe ? &safe : &hazard);
    report->outcome = outcome_of(report, lab, from_safe, from_hazard);
    free(safe.item);
    free(hazard.item);
    facts_free(&safe_facts);
    facts_free(&hazard_facts);
}
