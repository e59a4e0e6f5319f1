/* SPDX-License-Identifier: MIT
 *
 * Tests of an attempt at a lab that has a shared object (lab 49): it is linked
 * with what make has built, wherever the program is put. TAP; exit 1 on
 * failure. Wants to be started in the project's root, after make build.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "course/check.h"
#include "cage/directory.h"

#define STEM "49-the-thread-you-did-not-start"

static int tests, failures;
static char *here;
static const struct lab *lab;

static void ok(bool good, const char *what)
{
    printf("%s %d - %s\n", good ? "ok" : "not ok", ++tests, what);
    failures += !good;
}

/* Checks a file of ours as an attempt below root, twice. */
static void expect(const char *root, const char *directory,
                   enum check_end wanted, const char *reason, const char *what)
{
    const struct check_options options = {.runs = 2, .deadline_s = 5};
    char *file = xasprintf("%s/%s/%s.c", here, directory, lab->stem);
    struct check check;

    check_attempt(root, lab, file, &options, &check);
    bool good = check.end == wanted &&
                (reason == NULL ||
                 (check.reason != NULL && strstr(check.reason, reason)));
    ok(good, what);
    if (!good)
        printf("# %s, %s, %s\n", check_word(&check),
               check.reason ? check.reason : "no reason",
               check.report.program ? check.report.program : "no program");
    check_free(&check);
    free(file);
}

/* path below directory becomes a link to path below here. */
static void link_to(const char *directory, const char *path)
{
    char *from = xasprintf("%s/%s", here, path);
    char *to = xasprintf("%s/%s", directory, path);

    if (symlink(from, to) == -1)
        ok(false, to);
    free(from);
    free(to);
}

/* A root that has no build/ at first, and then one whose build/attempts is no
 * directory, so that programs go to the temporary directory. */
static void elsewhere(void)
{
    static const char *const sources[] = {"labs/lab.h", "labs/stage.h",
                                          "labs/meter.h", "labs/" STEM ".c",
                                          "labs/" STEM ".so.c"};
    char root[] = "/tmp/object_test.XXXXXX";

    if (mkdtemp(root) == NULL) {
        ok(false, "mkdtemp");
        return;
    }
    char *labs_directory = xasprintf("%s/labs", root);
    char *build = xasprintf("%s/build", root);
    mkdir(labs_directory, 0777);
    mkdir(build, 0777);
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
        link_to(root, sources[i]);
    expect(root, "solutions", CHECK_CANNOT, "make build",
           "the object is not built: says so");

    char *attempts = xasprintf("%s/attempts", build);
    rmdir(attempts);
    FILE *file = fopen(attempts, "we");
    ok(file != NULL && fclose(file) == 0, "build/attempts is a file");
    link_to(root, "build/labs");
    expect(root, "solutions", CHECK_SAFE, NULL,
           "a program in the temporary directory finds the object");
    free(attempts);
    free(build);
    free(labs_directory);
    directory_remove(root);
}

int main(void)
{
    struct lab_list labs;
    char *error = labs_find(".", &labs);

    signal(SIGPIPE, SIG_IGN); /* as main.c wants it */
    here = getcwd(NULL, 0);
    lab =
        error == NULL ? labs_get(&labs, 49, &(const struct lab *){NULL}) : NULL;
    ok(here != NULL && lab != NULL && strcmp(lab->stem, STEM) == 0,
       "lab 49 is there");
    if (lab != NULL && failures == 0) {
        expect(here, "labs", CHECK_SAME, NULL, "the lab: unchanged");
        expect(here, "solutions", CHECK_SAFE, NULL, "the solution: safe");
        elsewhere();
        labs_free(&labs);
    }
    free(error);
    free(here);
    printf("1..%d\n", tests);
    return failures != 0;
}
