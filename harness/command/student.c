/* SPDX-License-Identifier: MIT
 *
 * command/student: see student.h.
 */
#define _GNU_SOURCE
#include "command/student.h"

#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/next.h"
#include "command/bugreport.h"
#include "command/course.h"
#include "command/project.h"
#include "course/answer.h"
#include "course/handin.h"
#include "course/original.h"
#include "course/restore.h"
#include "course/start.h"
#include "print/printers.h"

/* ---- other programs ---- */

/* Runs a program of PATH, or of a path, with its stdin and stdout as given, and
 * returns its wait status. forklab ignores SIGPIPE; the program must end by it.
 * Ends forklab if it cannot be started. */
static int run_tool(char *const argv[], int in, int out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t ends;
    int status;
    pid_t child;

    sigemptyset(&ends);
    sigaddset(&ends, SIGPIPE);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigdefault(&how, &ends);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    fflush(stdout);
    int error = posix_spawnp(&child, argv[0], &files, &how, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    if (error != 0)
        command_fail(STATUS_CANNOT, "cannot start %s: %s", argv[0],
                     strerror(error));
    while (waitpid(child, &status, 0) == -1 && errno == EINTR)
        ; /* a Ctrl-C reaches it as well */
    return status;
}

/* ---- start ---- */

int command_start(const struct call *call)
{
    print_start(stdout, call->root, call->labs);
    return STATUS_WANTED;
}

/* ---- diff ---- */

/* A file without a name that has the lab as it was when forklab was built, or
 * as it is now where that is not known. NULL with errno. */
static FILE *open_lab(const struct call *call, const struct lab *lab)
{
    size_t size = 0;
    char *text = original_text(call->root, lab, &size);
    FILE *file = text != NULL ? tmpfile() : fopen(lab->source, "re");

    if (text != NULL && file != NULL) {
        fwrite(text, 1, size, file);
        rewind(file);
    }
    free(text);
    return file;
}

static void say_next_lab(const struct call *call, const struct lab *lab)
{
    if (lab + 1 == call->labs->lab + call->labs->count)
        return;
    char *command = next_verb("lab", lab[1].number);
    printf("\n    %-16s  the next: %s\n", command, lab[1].name);
    free(command);
}

/* diff(1) of a lab and its solution. */
int command_diff(const struct call *call)
{
    const struct lab *lab = command_one_lab(call);

    if (!answer_allowed(stdout, call->root, lab))
        return STATUS_WANTED;
    char *solution = xasprintf("solutions/%s.c", lab->stem);
    char *argv[] = {"diff",   "-u", "-L",     lab->source, "-L",
                    solution, "-",  solution, NULL};
    if (chdir(call->root) == -1)
        command_fail(STATUS_CANNOT, "%s: %s", call->root, strerror(errno));
    FILE *file = open_lab(call, lab);
    if (file == NULL)
        command_fail(STATUS_CANNOT, "cannot read %s: %s", lab->source,
                     strerror(errno));
    int status = run_tool(argv, fileno(file), STDOUT_FILENO);
    fclose(file);
    free(solution);
    /* Who reads it by a program wants the difference alone. */
    if (isatty(STDOUT_FILENO) == 1)
        say_next_lab(call, lab);
    return WIFEXITED(status) && WEXITSTATUS(status) <= 1 ? STATUS_WANTED
                                                         : STATUS_CANNOT;
}

/* ---- restore ---- */

/* Reads no lab of the project: one that was changed may have a header that
 * cannot be read. */
int command_restore(const struct call *call)
{
    char *root = project_root(true);

    if (call->argv[0] == NULL || call->argv[1] != NULL)
        command_fail(STATUS_USAGE, "restore needs the number of one lab");
    char *error = restore_lab(stdout, root, call->argv[0]);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    free(root);
    return STATUS_WANTED;
}

/* ---- handin, bug-report ---- */

/* What one of our own commands prints, as a text that the caller frees. */
static char *own_output(char *const argv[])
{
    FILE *file = tmpfile();
    char *text = NULL;
    size_t room = 0;

    if (file == NULL)
        command_fail(STATUS_CANNOT, "cannot make a temporary file: %s",
                     strerror(errno));
    run_tool(argv, STDIN_FILENO, fileno(file));
    rewind(file);
    bool some = getdelim(&text, &room, '\0', file) != -1;
    fclose(file);
    if (some)
        return text;
    free(text);
    return xstrdup("");
}

#define SELF "/proc/self/exe"

static char *doctor_output(void)
{
    char *argv[] = {SELF, "doctor", NULL};

    return own_output(argv);
}

int command_handin(const struct call *call)
{
    char *doctor = doctor_output();
    char *error = handin_pack(stdout, call->root, call->labs, doctor);

    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    free(doctor);
    return STATUS_WANTED;
}

int command_bug_report(const struct call *call)
{
    const char *number = call->argv[0];
    struct bug_report bug = {.doctor = doctor_output()};

    if (number != NULL) {
        char *lab = xasprintf("%d", project_lab(call->labs, number)->number);
        char *argv[] = {SELF, "run", lab, "--json", "-", NULL};
        bug.run = own_output(argv);
        free(lab);
    }
    char *error = bug_report_write(stdout, call->root, &bug);
    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    free(bug.doctor);
    free(bug.run);
    return STATUS_WANTED;
}

/* ---- demo ---- */

/* One lab of each kind of harm, none of which needs more than libc. */
static const int demo[] = {1, 13, 31, 50, 60};
#define DEMO (sizeof(demo) / sizeof(demo[0]))
#define DEMO_SECONDS 10

/* Leaves the page on the screen until Enter, or for some seconds. */
static void pause_after(size_t shown)
{
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
    char line[64];

    printf("\n    %zu of %zu; Enter: the next one (by itself in %d s) ", shown,
           DEMO, DEMO_SECONDS);
    fflush(stdout);
    if (poll(&keys, 1, DEMO_SECONDS * 1000) == 1 &&
        read(STDIN_FILENO, line, sizeof(line)) <= 0)
        interrupted = 1;
    fputs("\n\n", stdout);
}

static int show_one(const struct call *call, const struct lab *lab)
{
    struct run_options how = {.deadline_s = LAB_DEADLINE,
                              .interrupted = &interrupted};
    struct report report;
    char *error = run_lab(call->root, lab, VARIANT_LAB, NULL, &how, &report);

    if (error != NULL)
        command_fail(STATUS_CANNOT, "%s", error);
    print_page(stdout, style_for(stdout), &report, lab, NULL);
    fflush(stdout);
    bool wanted = run_as_wanted(&report);
    report_free(&report);
    return wanted ? STATUS_WANTED : STATUS_OTHER;
}

/* Five hazards in a minute, for a talk. */
int command_demo(const struct call *call)
{
    int status = STATUS_WANTED;

    for (size_t i = 0; i < DEMO && !interrupted; i++) {
        const struct lab *nearest;
        const struct lab *lab = labs_get(call->labs, demo[i], &nearest);
        if (lab == NULL)
            continue;
        int one = show_one(call, lab);
        status = one != STATUS_WANTED ? one : status;
        if (i + 1 < DEMO && somebody_is_there() && !interrupted)
            pause_after(i + 1);
        else
            putchar('\n');
    }
    char *start = next_verb("lab", demo[0]);
    if (!interrupted)
        printf("    %-16s  the first of them, to cure it yourself\n", start);
    free(start);
    return interrupted ? 128 + SIGINT : status;
}
