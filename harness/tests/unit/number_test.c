/* SPDX-License-Identifier: MIT
 *
 * Tests of the number of a run: {n} in a header and in the judge, and of two
 * things beside it that cannot be typed: a role that only exec gives, and a
 * finding that any process may show. TAP.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/header.h"
#include "oracle/judge.h"
#include "oracle/number.h"
#include "report/findings.h"
#include "tests/unit/tap.h"

static void fills(const char *text, const char *n, const char *wanted)
{
    char *filled = number_fill(text, n);

    same_text(filled, wanted, text);
    free(filled);
}

static void forms(void)
{
    fills("child saw {n} {n}", "17", "child saw 17 17");
    fills("{n+7} {n-7} {3*n} {3*n-7} {n*n}", "10", "17 3 30 23 100");
    fills("said {n}.", "hello", "said hello.");
    fills("{}+{n} = {2*n}", "5", "{}+5 = 10");
    fills("no braces", "5", "no braces");
}

static void wrong_forms(void)
{
    static const char *const all[] = {"{m}",   "{n", "{n+}",    "{0*n}",
                                      "{n*m}", "{",  "{2*n*n}", "{1+n}"};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        ok(number_error(all[i]) != NULL, "%s is refused", all[i]);
    same_text(number_error("{n} {} {2*n-1}"), NULL, "the others are not");
    ok(!number_is_in("{} only") && number_is_in("{} {n}"), "{} is no number");
}

static void patterns(void)
{
    ok(number_matches("{}+{} = 20", "7+13 = 20"), "{} is any number");
    ok(!number_matches("{}+{} = 20", "7+13 = 201"), "... but nothing else");
    ok(!number_matches("{} x", " x"), "... and not none");
}

static void choice(void)
{
    int same = 0, wrong = 0;
    char *last = number_choose("345");

    for (int i = 0; i < 200; i++) {
        char *next = number_choose("345");
        same += strcmp(next, last) == 0;
        wrong += strlen(next) != 3 || strcmp(next, "345") == 0;
        free(last);
        last = next;
    }
    ok(same < 20 && wrong == 0, "another number each time, of three digits");
    free(last);
    last = number_choose("1");
    ok(strlen(last) == 2, "at least two digits: %s", last);
    free(last);
    last = number_choose("swordfish");
    ok(strlen(last) == 9, "a digit for each letter: %s", last);
    free(last);
}

/* ---- headers ---- */

#define TOP                                                                    \
    "/* SPDX-License-Identifier: MIT\n *\n * 01-x: it.\n *\n"                  \
    " * Hazard:  stuck\n"

static void header(const char *rest, const char *wanted)
{
    struct lab lab;
    char *text = xasprintf(TOP "%s *\n * See fork(2).\n */\n", rest);
    char *error = lab_parse("/x/labs/01-x.c", text, strlen(text), &lab);
    bool good =
        wanted ? error != NULL && strstr(error, wanted) != NULL : error == NULL;

    if (!ok(good, "%s", wanted ? wanted : "a header with a number"))
        printf("# got %s\n", error ? error : "(null)");
    free(error);
    free(text);
    lab_free(&lab);
}

static void headers(void)
{
    header(" * Safe:    saw {n}\n * Number:  1\n", NULL);
    header(" * Safe:    saw {n}\n * Number:  0\n", NULL);
    header(" * Safe:    saw {n}\n * Number:  01\n", "is a number or a word");
    header(" * Safe:    saw {n}\n", "no Number:");
    header(" * Safe:    saw 1\n * Number:  1\n", "without {n}");
    header(" * Safe:    saw {x}\n * Number:  1\n", "in braces stands");
    header(" * Safe:    saw {n}\n * Number:  1 2\n", "is a number or a word");
    header(" * Safe:    saw {n}\n * Number:  1234567890\n", "at most 9");
    header(" * Safe:    x\n * Work:    program:\n", "program:NAME");
}

/* ---- the judge ---- */

static struct lab parsed(const char *safe)
{
    struct lab lab;
    char *text = xasprintf(TOP " * Safe:    %s\n */\n", safe);

    free(lab_parse("/x/labs/01-x.c", text, strlen(text), &lab));
    free(text);
    return lab;
}

static void judged(const char *safe, const char *line, const char *n,
                   enum outcome wanted)
{
    struct lab lab = parsed(safe);
    struct report report = {.n = n ? xstrdup(n) : NULL};

    strings_add(&report.evidence, line);
    judge(&report, &lab);
    ok(report.outcome == wanted, "%s with %s: %s", line, n ? n : "no number",
       outcome_word(report.outcome));
    report_free(&report);
    lab_free(&lab);
}

static void numbers(void)
{
    static const char saw[] = "saw {n}\n * Number:  1";

    judged(saw, "saw 17", "17", OUTCOME_SAFE);
    judged(saw, "saw 1", "17", OUTCOME_BROKEN);
    judged(saw, "saw 1", "1", OUTCOME_SAFE);
    judged("{}+{} = {2*n}\n * Number:  1", "3+31 = 34", "17", OUTCOME_SAFE);
    judged("{}+{} = {2*n}\n * Number:  1", "3+31 = 33", "17", OUTCOME_BROKEN);
}

static void names(bool executed, enum outcome wanted)
{
    struct lab lab = parsed("[sh] exit 42\n * Work:    program:sh");
    struct process_report processes[] = {
        {.role = "parent", .end = END_EXIT},
        {.role = "sh", .end = END_EXIT, .code = 42, .executed = executed}};
    struct report report = {
        .processes = processes, .process_count = 2, .work = WORK_PROGRAM};

    report_findings(&report);
    judge(&report, &lab);
    ok(report.outcome == wanted, "[sh] that has %sexecuted a program: %s",
       executed ? "" : "not ", outcome_word(report.outcome));
    report.processes = NULL;
    report.process_count = 0;
    report_free(&report);
    lab_free(&lab);
}

static void anybody(const char *one, const char *other, enum outcome wanted)
{
    struct lab lab = parsed("[any] idle in accept");
    struct report report = {0};

    if (one != NULL)
        facts_add_finding(&report.findings, FACT_IDLE, one, "accept");
    if (other != NULL)
        facts_add_finding(&report.findings, FACT_IDLE, other, "accept");
    judge(&report, &lab);
    ok(report.outcome == wanted, "[any] by %s and %s: %s", one ? one : "nobody",
       other ? other : "nobody", outcome_word(report.outcome));
    report_free(&report);
    lab_free(&lab);
}

static void orphans(const char *safe, enum outcome wanted)
{
    struct lab lab = parsed(safe);
    struct report report = {0};

    facts_add_finding(&report.findings, FACT_EXIT, "job", "42");
    facts_add_finding(&report.findings, FACT_ADOPTED, "job", "");
    judge(&report, &lab);
    ok(report.outcome == wanted, "an orphan, where the lab asks for none: %s",
       outcome_word(report.outcome));
    report_free(&report);
    lab_free(&lab);
}

int main(void)
{
    forms();
    wrong_forms();
    patterns();
    choice();
    headers();
    numbers();
    names(true, OUTCOME_SAFE);
    names(false, OUTCOME_BROKEN);
    anybody("parent", NULL, OUTCOME_SAFE);
    anybody("worker", "worker", OUTCOME_SAFE);
    anybody(NULL, NULL, OUTCOME_BROKEN);
    orphans("[job] exit 42", OUTCOME_SAFE);
    orphans("[job] exit 42\n *          [job] adopted", OUTCOME_SAFE);
    orphans("[job] exit 42\n *          2 [job] adopted", OUTCOME_BROKEN);
    printf("1..%d\n", tests);
    return failures > 0;
}
