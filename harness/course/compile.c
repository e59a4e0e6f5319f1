/* SPDX-License-Identifier: MIT
 *
 * compile: see compile.h.
 */
#define _GNU_SOURCE
#include "course/compile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/next.h"
#include "base/text.h"
#include "cage/cage.h"
#include "course/flags.h"
#include "report/report.h"
#include "run/run.h"

/* What a word of a Needs: line asks of the compiler: by the header it is found
 * by, or by a command that says the flags. */
static const struct need {
    const char *word, *header, *flags, *command;
} need_table[] = {
    {"gcov", "gcov.h", "--coverage", NULL},
    {"mariadb", NULL, NULL, "mariadb_config --include --libs"},
    {"openmp", "omp.h", "-fopenmp", NULL},
    {"openssl", "openssl/ssl.h", "-lssl -lcrypto", NULL},
    {"sqlite3", "sqlite3.h", "-lsqlite3", NULL},
};

static const char *const flags[] = {FLAGS_LANGUAGE, FLAGS_CODE, FLAGS_WARNINGS,
                                    "-fdiagnostics-color=never", NULL};

static const struct cage_limits limits = {
    .cpu_s = 20, .memory = (rlim_t)2 << 30, .file = (rlim_t)64 << 20};

/* Quotes that any terminal can show. */
static char *const environment[] = {"LC_ALL=C", NULL};

/* For a compiler that reads the smallest program there is. */
static const char *const try_it[] = {
    "/bin/sh", "-c", "echo 'int main(void) { return 0; }' | \"$@\"", "sh"};

static const char *compiler(void)
{
    const char *name = getenv("CC");

    return name != NULL && name[0] != '\0' && strchr(name, ' ') == NULL ? name
                                                                        : "cc";
}

static const char *musl_compiler(void)
{
    const char *name = getenv("MUSL_CC");

    return name != NULL && name[0] != '\0' ? name : "musl-gcc";
}

/* ---- is there a compiler? ---- */

/* Why there is no compiler of that name, and what to do; NULL if there is one.
 * The caller frees it. */
static char *compiler_missing(const char *name, bool musl)
{
    const char *path = getenv("PATH");
    const char *variable = musl ? "MUSL_CC" : "CC";

    if (strchr(name, '/') != NULL)
        return access(name, X_OK) == 0
                   ? NULL
                   : xasprintf("no C compiler: %s: %s; set %s to one that is "
                               "there",
                               name, strerror(errno), variable);
    if (path == NULL || path[0] == '\0')
        return xasprintf("no C compiler: %s is not in PATH, which is empty; "
                         "set it: PATH=/usr/bin:/bin",
                         name);
    char *found = file_in_path(path, name);
    bool there = found != NULL;
    free(found);
    if (there)
        return NULL;
    return xasprintf("no C compiler: %s is not in PATH; install one (%s), or "
                     "set %s to one that is there",
                     name, next_setup(musl), variable);
}

/* ---- what a lab needs ---- */

/* What a command of ours writes, up to 4 KiB; NULL if it fails or is silent. */
static char *words_of(const char *command)
{
    char text[4096];
    FILE *stream = popen(command, "re");

    if (stream == NULL)
        return NULL;
    size_t length = fread(text, 1, sizeof(text) - 1, stream);
    text[length] = '\0';
    return pclose(stream) == 0 && length > 0 ? xstrdup(text) : NULL;
}

bool compile_have_header(const char *header)
{
    char *command = xasprintf("echo '#include <%s>' | '%s' -E -x c - "
                              ">/dev/null 2>&1 && echo yes",
                              header, compiler());
    char *answer = words_of(command);
    bool have = answer != NULL;

    free(answer);
    free(command);
    return have;
}

bool compile_need(const char *word, struct strings *argv)
{
    for (size_t i = 0; i < sizeof(need_table) / sizeof(need_table[0]); i++) {
        const struct need *need = &need_table[i];
        if (strcmp(need->word, word) != 0)
            continue;
        char *found = need->command ? words_of(need->command)
                      : compile_have_header(need->header) ? xstrdup(need->flags)
                                                          : NULL;
        if (found == NULL)
            return false;
        char *rest = found;
        for (char *flag; (flag = strsep(&rest, " \t\n")) != NULL;)
            if (flag[0] != '\0')
                strings_add(argv, flag);
        free(found);
    }
    return true;
}

bool compile_needs_libc_only(const char *word)
{
    for (size_t i = 0; i < sizeof(need_table) / sizeof(need_table[0]); i++)
        if (strcmp(need_table[i].word, word) == 0)
            return false;
    return strcmp(word, "glibc") != 0;
}

/* musl-gcc knows no headers of Linux: those of the machine come last. */
static void add_linux_headers(struct strings *argv)
{
    char *command = xasprintf("'%s' -print-multiarch", compiler());
    char *place = words_of(command);
    char *directory =
        xasprintf("/usr/include/%.*s", place ? (int)strcspn(place, "\n") : 0,
                  place ? place : "");

    strings_add(argv, "-idirafter");
    strings_add(argv, "/usr/include");
    strings_add(argv, "-idirafter");
    strings_add(argv, directory);
    free(directory);
    free(place);
    free(command);
}

/* ---- what it is linked with ---- */

/* The shared object of a lab, where it has one (STEM.so.c): it is built once,
 * by make, and found by its full path, for the program may lie anywhere. What
 * calls it by dlopen(3) alone does not load it at its start. False: it is not
 * built. */
static bool add_object(const struct lab *lab, bool musl, const char *labs,
                       struct strings *argv)
{
    char *source = xasprintf("%s/%s.so.c", labs, lab->stem);
    bool wanted = access(source, F_OK) == 0;

    free(source);
    if (!wanted)
        return true;
    const char *slash = strrchr(labs, '/'); /* labs/ may be a symbolic link */
    char *directory =
        xasprintf("%.*sbuild/%slabs", slash ? (int)(slash + 1 - labs) : 0, labs,
                  musl ? "musl/" : "");
    char *object = xasprintf("%s/%s.so", directory, lab->stem);
    char *name = xasprintf("-l:%s.so", lab->stem);
    const char *const words[] = {
        "-Wl,--as-needed", "-L",     directory,  name,
        "-Xlinker",        "-rpath", "-Xlinker", directory};
    bool there = access(object, R_OK) == 0;
    for (size_t i = 0; there && i < sizeof(words) / sizeof(words[0]); i++)
        strings_add(argv, words[i]);
    free(name);
    free(object);
    free(directory);
    return there;
}

/* ---- the run ---- */

static void keep_words(struct compile_result *result,
                       const struct report *report)
{
    size_t room = 0;

    for (size_t i = 0; i < report->record_count; i++)
        room += report->records[i].length;
    char *words = xcalloc(room + 1, 1);
    for (size_t i = 0; i < report->record_count; i++) {
        const struct record *record = &report->records[i];
        memcpy(words + result->length, record->text, record->length);
        result->length += record->length;
    }
    if (result->length > COMPILE_WORDS)
        result->length = COMPILE_WORDS;
    words[result->length] = '\0';
    free(result->words);
    result->words = words;
}

static void conclude(struct compile_result *result, const struct report *report,
                     const char *program)
{
    if (report->verdict == VERDICT_EXIT && report->code == 0 &&
        access(program, X_OK) == 0) {
        result->end = COMPILE_DONE;
    } else if (report->verdict == VERDICT_EXIT &&
               strstr(result->words, strerror(ENOSPC)) != NULL) {
        result->end = COMPILE_CANNOT;
        result->reason =
            xasprintf("no space left for the compiler: free some in %s and "
                      "build/, or set TMPDIR",
                      getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    } else if (report->verdict == VERDICT_EXIT) {
        result->end = COMPILE_ERROR;
    } else {
        char title[64];
        verdict_title(report, title, sizeof(title));
        result->end = COMPILE_LIMIT;
        result->reason = xasprintf("the compiler exceeded a limit (%d s, 2 GiB "
                                   "of memory, 64 MiB of output): %s",
                                   COMPILE_SECONDS, title);
    }
}

static void run_compiler(const struct strings *words, const char *program,
                         volatile sig_atomic_t *interrupted,
                         struct compile_result *result)
{
    struct run_options options = {.deadline_s = COMPILE_SECONDS,
                                  .proves_nothing = true,
                                  .limits = &limits,
                                  .more_env = environment,
                                  .interrupted = interrupted};
    char **argv = xcalloc(words->count + 1, sizeof(char *));
    struct report report;

    memcpy(argv, words->item, words->count * sizeof(char *));
    /* What was there before must not pass for the result. */
    unlink(program);
    char *error = run_command(argv, &options, &report);
    if (error != NULL) {
        result->end = COMPILE_CANNOT;
        result->reason = error;
    } else {
        keep_words(result, &report);
        conclude(result, &report, program);
    }
    report_free(&report);
    free(argv);
}

/* The line of its words that says most: the first with "error" in it, or else
 * the last one. The caller frees it. */
static char *telling_line(const char *words)
{
    const char *line = words;

    for (const char *at = words; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        if (length > 0)
            line = at;
        if (memmem(at, length, "error", 5) != NULL)
            break;
        at += length + (at[length] == '\n');
    }
    return text_clean(line, strcspn(line, "\n"));
}

/* A compiler that refuses a program of one line, too, does not refuse the
 * student's: then the result says what is wrong with the compiler. `words` is
 * its command line, in which the file stands at `source`. */
static void blame_compiler(const struct strings *words, size_t source,
                           const char *program,
                           volatile sig_atomic_t *interrupted,
                           struct compile_result *result)
{
    struct compile_result trial = {.words = xstrdup("")};
    struct strings argv = {0};

    for (size_t i = 0; i < sizeof(try_it) / sizeof(try_it[0]); i++)
        strings_add(&argv, try_it[i]);
    for (size_t i = 0; i < source; i++)
        strings_add(&argv, words->item[i]);
    strings_add(&argv, "-xc");
    strings_add(&argv, "-");
    run_compiler(&argv, program, interrupted, &trial);
    if (trial.end == COMPILE_ERROR) {
        char *line = telling_line(trial.words);
        result->end = COMPILE_CANNOT;
        result->reason = xasprintf(
            "the C compiler %s cannot compile even an empty main()%s%s; set CC "
            "to another one, or install one: %s",
            words->item[0], line[0] ? ": " : "", line, next_setup(false));
        free(line);
    }
    unlink(program);
    compile_free(&trial);
    strings_free(&argv);
}

void compile_attempt(const struct lab *lab, bool musl, const char *labs,
                     const char *source, const char *program,
                     volatile sig_atomic_t *interrupted,
                     struct compile_result *result)
{
    const char *name = musl ? musl_compiler() : compiler();
    struct strings argv = {0};

    *result = (struct compile_result){.words = xstrdup("")};
    result->reason = compiler_missing(name, musl);
    if (result->reason != NULL) {
        result->end = COMPILE_CANNOT;
        return;
    }
    strings_add(&argv, name);
    for (const char *const *flag = flags; *flag != NULL; flag++)
        strings_add(&argv, *flag);
    if (musl)
        add_linux_headers(&argv);
    strings_add(&argv, "-I");
    strings_add(&argv, labs);
    strings_add(&argv, "-o");
    strings_add(&argv, program);
    size_t file = argv.count;
    strings_add(&argv, source);
    for (size_t i = 0; i < lab->need_count && result->reason == NULL; i++)
        if (!compile_need(lab->needs[i], &argv)) {
            result->end = COMPILE_MISSING;
            result->reason = xasprintf("%s is not installed here: %s",
                                       lab->needs[i], next_setup(false));
        }
    if (result->reason == NULL && !add_object(lab, musl, labs, &argv)) {
        result->end = COMPILE_CANNOT;
        result->reason =
            xasprintf("the shared object of lab %02d is not built: %s",
                      lab->number, next_build());
    }
    if (result->reason == NULL)
        run_compiler(&argv, program, interrupted, result);
    if (result->end == COMPILE_ERROR)
        blame_compiler(&argv, file, program, interrupted, result);
    strings_free(&argv);
}

void compile_free(struct compile_result *result)
{
    free(result->words);
    free(result->reason);
    *result = (struct compile_result){0};
}
