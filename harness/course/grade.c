/* SPDX-License-Identifier: MIT
 *
 * grade: see grade.h.
 */
#define _GNU_SOURCE
#include "course/grade.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/next.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "base/version.h"
#include "cage/directory.h"
#include "cage/view.h"
#include "course/base.h"
#include "course/check.h"
#include "course/environment.h"
#include "course/kept.h"
#include "course/pages.h"
#include "course/results.h"
#include "course/sarif.h"
#include "course/submissions.h"
#include "linux/children.h"
#include "print/json.h"
#include "print/printers.h"
#include "report/report.h"

#define MAX_OUTPUT ((size_t)2000)    /* bytes of what a program wrote */
#define MAX_REPORT ((off_t)1 << 26)  /* bytes of JSON; a flood has 2 MB */
#define MAX_OBJECT ((size_t)1 << 26) /* bytes of a lab's shared object */

/* ---- marks ---- */

/* What the end of a check is worth. */
static const enum mark marks[] = {
    [CHECK_SAFE] = MARK_PASS,         [CHECK_HAZARD] = MARK_HAZARD,
    [CHECK_BROKEN] = MARK_BROKEN,     [CHECK_SAME] = MARK_UNCHANGED,
    [CHECK_COMPILER] = MARK_COMPILER, [CHECK_SKIP] = MARK_SKIP,
    [CHECK_CANNOT] = MARK_ERROR,      [CHECK_STOPPED] = MARK_ERROR};

static double seconds_since(int64_t start)
{
    return (double)(clock_now() - start) / 1e9;
}

static bool interrupted(const struct grade_options *options)
{
    return options->interrupted && *options->interrupted;
}

/* ---- the submission ---- */

/* Does the name belong to that lab? 31-anything.c, 031.c, lab31.c, lab-31.c */
static bool names_lab(const char *name, int number)
{
    char *end;

    if (!text_ends(name, ".c"))
        return false;
    if (strncmp(name, "lab", 3) == 0)
        name += 3 + (name[3] == '-' || name[3] == '_');
    if (name[0] < '0' || name[0] > '9')
        return false;
    return strtol(name, &end, 10) == number &&
           (*end == '.' || *end == '-' || *end == '_');
}

/* The attempt at a lab, of the names in a submission: the lab's own name or, in
 * their alphabet's order, another one that has its number. NULL: none. */
static const char *find_attempt(const struct strings *names,
                                const struct lab *lab)
{
    char *own = xasprintf("%s.c", lab->stem);
    const char *found = NULL;

    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->item[i];
        if (names_lab(name, lab->number) &&
            (found == NULL || strcmp(name, own) == 0))
            found = name;
    }
    free(own);
    return found;
}

/* ---- the one who checks ---- */

struct task {
    const struct lab *lab;
    const struct grade_options *options;
    struct strings names, texts; /* what of labs/ it needs */
    char *object;                /* build/labs/STEM.so, or NULL */
    size_t object_size;
    char *attempt;
    size_t attempt_size;
    double deadline_s;
    char *page;         /* what the check says, as a text */
    struct known known; /* of solutions/, which no attempt can see */
    bool in_view;
};

/* A project of one lab, in the present directory: all that a check looks at. */
static bool make_project(const struct task *task)
{
    bool good = mkdir("labs", 0755) == 0 && mkdir("attempts", 0755) == 0 &&
                mkdir("build", 0755) == 0 && mkdir("build/labs", 0755) == 0;

    for (size_t i = 0; good && i < task->names.count; i++) {
        const char *text = task->texts.item[i];
        char *path = xasprintf("labs/%s", task->names.item[i]);
        good = file_new(path, text, strlen(text));
        free(path);
    }
    char *attempt = xasprintf("attempts/%s.c", task->lab->stem);
    char *object = xasprintf("build/labs/%s.so", task->lab->stem);
    good = good && file_new(attempt, task->attempt, task->attempt_size) &&
           (task->object == NULL ||
            file_new(object, task->object, task->object_size));
    free(object);
    free(attempt);
    return good;
}

/* Only from here on: becoming another user has reset it. */
static void end_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
}

/* The report as JSON, a NUL, and the page as a text. */
static bool tell(FILE *stream, const struct check *check, const struct lab *lab)
{
    struct style style = {.columns = 80, .lines = 2000};

    if (!print_check_json(stream, check))
        return false;
    fputc('\0', stream);
    print_check(stream, style, check, lab, NULL);
    return fflush(stream) == 0;
}

/* What another process has told, instead of our own words. */
static bool pass_on(int told, FILE *stream)
{
    char part[4096];
    ssize_t length;
    off_t at = 0;

    while ((length = pread(told, part, sizeof(part), at)) > 0) {
        fwrite(part, 1, (size_t)length, stream);
        at += length;
    }
    return length == 0 && fflush(stream) == 0;
}

static char *check_here(const struct task *task, FILE *answer)
{
    struct check_options how = {.runs = task->options->runs,
                                .deadline_s = task->deadline_s,
                                .jobs = task->options->jobs,
                                .tell = tell,
                                .known = &task->known,
                                .interrupted = task->options->interrupted,
                                .sealed = task->in_view ? view_seal : NULL,
                                .own_network =
                                    task->in_view ? view_own_network : NULL};
    char *file = xasprintf("attempts/%s.c", task->lab->stem);
    char *here = getcwd(NULL, 0);
    struct check check;

    check_attempt(here ? here : ".", task->lab, file, &how, &check);
    bool good = check.told > 0 ? pass_on(check.told, answer)
                               : tell(answer, &check, task->lab);
    check_free(&check);
    free(here);
    free(file);
    return good ? NULL : xstrdup("its report could not be written");
}

/* Whose home it is: nobody's, it is the directory of this one check. */
static void at_home(void)
{
    char *here = getcwd(NULL, 0);

    if (here != NULL)
        setenv("HOME", here, 1);
    free(here);
}

/* In a process of its own: goes into the view, checks, and leaves a report. The
 * first process that a program sees is forked from it, so it shows nothing of
 * how it was called. */
__attribute__((noreturn)) static void check_alone(const struct task *task,
                                                  int answer, pid_t parent,
                                                  const char *directory)
{
    char *error = task->in_view ? view_enter(-1) : NULL;

    if (!task->in_view && chdir(directory) == -1)
        error = xstrdup(strerror(errno));
    end_with(parent);
    environment_hide_arguments();
    at_home();
    FILE *stream = fdopen(answer, "w");
    if (stream == NULL)
        _exit(1); /* no report is an answer, too */
    if (error == NULL && !make_project(task))
        error = xasprintf("cannot write the project: %s", strerror(errno));
    if (error == NULL)
        error = check_here(task, stream);
    if (error != NULL) {
        cJSON *value = cJSON_CreateObject();
        cJSON_AddStringToObject(value, "error", error);
        char *text = cJSON_Print(value);
        fputs(text ? text : "", stream);
    }
    fflush(stream);
    _exit(0);
}

/* ---- what it saw ---- */

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
}

static char *copy_of(const cJSON *object, const char *name)
{
    const char *text = text_of(object, name);

    return text != NULL ? xstrdup(text) : NULL;
}

static int number_of(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItem(object, name);

    return cJSON_IsNumber(value) ? value->valueint : 0;
}

/* How the program's output begins. Each record is whole, and so is UTF-8. */
static char *output_of(const cJSON *report)
{
    char *text = xstrdup("");
    const cJSON *record;

    cJSON_ArrayForEach(record, cJSON_GetObjectItem(report, "records"))
    {
        const char *more = text_of(record, "text");
        size_t length = strlen(text);
        if (more == NULL || length >= MAX_OUTPUT)
            break;
        char *longer = xasprintf("%s%s", text, more);
        free(text);
        text = longer;
    }
    size_t length = strlen(text);
    if (length > MAX_OUTPUT) {
        for (length = MAX_OUTPUT; (text[length] & 0xC0) == 0x80;)
            length--;
        text[length] = '\0';
        char *cut = xasprintf("%s\n[... cut]\n", text);
        free(text);
        text = cut;
    }
    return text;
}

/* The line of that file in which a thread is stuck. */
static int line_in(const cJSON *report, const char *wanted)
{
    const cJSON *process, *thread;
    int line = 0;

    cJSON_ArrayForEach(process, cJSON_GetObjectItem(report, "processes"))
    {
        cJSON_ArrayForEach(thread, cJSON_GetObjectItem(process, "threads"))
        {
            const char *file = text_of(thread, "file");
            bool root = cJSON_IsTrue(cJSON_GetObjectItem(thread, "root"));
            if (file == NULL || strncmp(file, wanted, strlen(wanted)) != 0)
                continue;
            if (line == 0 || root)
                line = number_of(thread, "line");
        }
    }
    return line;
}

/* "HANG (proved). Child waits for ... . Likely: the lock is held ..." */
static char *message_of(const cJSON *report, const cJSON *check,
                        const struct graded *graded)
{
    const char *why = text_of(report, "why");
    const char *likely = text_of(check, "likely");
    const char *reason = text_of(report, "reason");
    const char *used = text_of(check, "used");
    const char *flag = graded->flag;

    switch (graded->mark) {
    case MARK_PASS:
        return xasprintf("safe in %d of %d runs%s%s%s%s",
                         number_of(check, "run"), number_of(check, "runs"),
                         used ? ". Used: " : "", used ? used : "",
                         flag ? ". Look at it: " : "", flag ? flag : "");
    case MARK_COMPILER:
        return xstrdup("it does not compile");
    case MARK_UNCHANGED:
        return xstrdup("it is the unchanged lab");
    case MARK_HAZARD:
    case MARK_BROKEN:
        return xasprintf("%s in run %d of %d%s%s%s%s", graded->verdict,
                         number_of(check, "run"), number_of(check, "runs"),
                         why ? ": " : "", why ? why : "",
                         likely ? ". Likely: " : "", likely ? likely : "");
    default:
        return xstrdup(reason ? reason : "it could not be checked");
    }
}

static void read_report(struct graded *graded, const cJSON *report)
{
    const cJSON *check = cJSON_GetObjectItem(report, "check");
    const char *error = text_of(report, "error");

    graded->mark = marks[check_end_named(text_of(check, "result"))];
    graded->line = line_in(report, "attempts/");
    graded->slowest_ms = number_of(check, "slowest_ms");
    if (error != NULL) {
        graded->message = xstrdup(error);
        return;
    }
    if (graded->mark == MARK_HAZARD || graded->mark == MARK_BROKEN) {
        graded->verdict = copy_of(report, "verdict_title");
        graded->seed = number_of(check, "seed");
    }
    graded->flag = copy_of(check, "flag");
    graded->message = message_of(report, check, graded);
    graded->output = graded->mark == MARK_COMPILER ? copy_of(check, "compiler")
                                                   : output_of(report);
}

/* All of a file that has no name. NULL: there is nothing, or too much. */
static char *read_answer(int fd, size_t *size)
{
    struct stat info;

    if (fstat(fd, &info) == -1 || info.st_size == 0 ||
        info.st_size > MAX_REPORT)
        return NULL;
    *size = (size_t)info.st_size;
    char *text = xcalloc(*size + 1, 1);
    if (pread(fd, text, (size_t)info.st_size, 0) == (ssize_t)info.st_size)
        return text;
    free(text);
    return NULL;
}

/* ---- one lab ---- */

/* Waits for the one who checks, and ends it if we are interrupted. */
static void wait_for_check(const struct task *task, pid_t child,
                           const sigset_t *before)
{
    while (waitpid(child, NULL, WNOHANG) == 0) {
        if (interrupted(task->options))
            kill(child, SIGTERM);
        children_wait(&child, 1, before);
    }
}

/* Starts the one who checks, and waits for it. False with errno: it could not
 * be started. */
static bool let_check(const struct task *task, int answer)
{
    char *directory = task->in_view ? NULL : directory_make();
    pid_t parent = getpid();
    sigset_t before;

    if (!task->in_view && directory == NULL)
        return false;
    fflush(NULL);
    children_begin(&before);
    pid_t child = fork();
    if (child == 0) {
        children_end(&before);
        check_alone(task, answer, parent, directory);
    }
    if (child != -1)
        wait_for_check(task, child, &before);
    int error = errno;
    children_end(&before);
    if (directory != NULL)
        directory_remove(directory);
    free(directory);
    errno = error;
    return child != -1;
}

/* All that the answer to this task depends on. */
static void key_of(const struct task *task, char key[SHA256_HEX])
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    fprintf(stream, FORKLAB_VERSION "\n%s\n%d runs, %.3f s\n", task->lab->stem,
            task->options->runs, task->deadline_s);
    for (size_t i = 0; i < task->names.count; i++)
        fprintf(stream, "%s %zu\n%s", task->names.item[i],
                strlen(task->texts.item[i]), task->texts.item[i]);
    fprintf(stream, "%zu\n", task->object_size);
    if (task->object != NULL)
        fwrite(task->object, 1, task->object_size, stream);
    fwrite(task->attempt, 1, task->attempt_size, stream);
    fclose(stream);
    sha256_hex(text, size, key);
    free(text);
}

/* The answer of whoever checks. The caller frees it; NULL: there is none. */
static char *check_it(const struct task *task, size_t *size)
{
    int answer = memfd_create("report", MFD_CLOEXEC);
    char *text = NULL;

    if (answer != -1 && let_check(task, answer))
        text = read_answer(answer, size);
    if (answer != -1)
        close(answer);
    return text;
}

/* Is it about the attempt, and not about this moment? */
static bool is_lasting(enum mark mark)
{
    return mark == MARK_PASS || mark == MARK_HAZARD || mark == MARK_BROKEN ||
           mark == MARK_COMPILER || mark == MARK_UNCHANGED;
}

static void check_task(struct task *task, struct graded *graded)
{
    char key[SHA256_HEX] = "";
    size_t size = 0;
    /* Outside of a view, a program could write there, too. */
    const char *directory = task->in_view ? task->options->kept : NULL;

    if (directory != NULL)
        key_of(task, key);
    int turn = kept_turn(directory, key);
    char *kept = kept_read(directory, key, &size);
    char *text = kept ? kept : check_it(task, &size);
    if (text != NULL && strlen(text) < size)
        task->page = xstrdup(text + strlen(text) + 1);
    cJSON *report = text ? cJSON_Parse(text) : NULL;
    if (report != NULL) {
        read_report(graded, report);
    } else {
        graded->mark = MARK_ERROR;
        graded->message = xstrdup("the check produced no report");
    }
    if (kept == NULL && is_lasting(graded->mark))
        kept_write(directory, key, text, size);
    if (turn != -1)
        close(turn);
    cJSON_Delete(report);
    free(text);
}

/* Headers, and what is called as the lab is: 49-name.c, 49-name.so.c. */
static bool belongs(const char *name, const struct lab *lab)
{
    size_t stem = strlen(lab->stem);

    return text_ends(name, ".h") ||
           (text_ends(name, ".c") && strncmp(name, lab->stem, stem) == 0 &&
            name[stem] == '.');
}

/* Reads the files of labs/ that the task needs: it will not see them. */
static char *read_labs(const char *root, struct task *task)
{
    char *directory = xasprintf("%s/labs", root), *error = NULL;
    DIR *stream = opendir(directory);
    struct dirent *entry;

    if (stream == NULL) {
        error = xasprintf("cannot read %s: %s", directory, strerror(errno));
        free(directory);
        return error;
    }
    while (error == NULL && (entry = readdir(stream)) != NULL) {
        if (!belongs(entry->d_name, task->lab))
            continue;
        char *path = xasprintf("%s/%s", directory, entry->d_name);
        char *text = file_read(path, NULL);
        if (text == NULL) {
            error = xasprintf("cannot read %s: %s", path, strerror(errno));
        } else {
            strings_add(&task->names, entry->d_name);
            strings_add(&task->texts, text);
        }
        free(text);
        free(path);
    }
    closedir(stream);
    free(directory);
    return error;
}

/* The shared object that a lab may come with: STEM.so.c, built by make. */
static char *read_object(const char *root, const struct lab *lab, size_t *size)
{
    char *path = xasprintf("%s/build/labs/%s.so", root, lab->stem);
    char *bytes = file_read_regular(path, MAX_OBJECT, size);

    free(path);
    return bytes;
}

/* Only plain files are read: a submission may hold a FIFO, or a symbolic link
 * to what its author may not see. */
static char *read_attempt(const char *path, size_t *size, char **why)
{
    struct stat info = {0}; /* as of a file that is gone: file_read() says it */

    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode))
        *why = xstrdup("it is not a regular file");
    else if (info.st_size > (off_t)MAX_SOURCE)
        *why = xstrdup("it is longer than 1 MiB");
    char *text = *why ? NULL : file_read(path, size);
    if (text == NULL && *why == NULL)
        *why = xasprintf("it cannot be read: %s", strerror(errno));
    return text;
}

static char *grade_lab(const char *root, const struct submission *submission,
                       const char *out, struct task *task,
                       struct graded *graded)
{
    char *error, *why = NULL;
    const char *name = find_attempt(&submission->names, task->lab);
    int64_t start = clock_now();

    if (name == NULL) {
        graded->mark = MARK_NOT_STARTED;
        graded->message = xstrdup("there is no attempt");
        return NULL;
    }
    char *path = xasprintf("%s/%s", submission->place, name);
    graded->file = text_valid(name, strlen(name));
    task->attempt = read_attempt(path, &task->attempt_size, &why);
    error = read_labs(root, task);
    task->object = read_object(root, task->lab, &task->object_size);
    task->deadline_s = base_deadline(task->options->base, task->lab->number,
                                     task->options->deadline_s);
    known_read(root, task->lab, &task->known);
    if (why != NULL) {
        graded->mark = MARK_COMPILER;
        graded->message = why;
    } else if (error == NULL) {
        check_task(task, graded);
    }
    graded->seconds = seconds_since(start);
    if (error == NULL && task->options->pages)
        error = pages_write(out, graded, task->page, task->attempt,
                            task->attempt_size);
    free(task->page);
    known_free(&task->known);
    strings_free(&task->names);
    strings_free(&task->texts);
    free(task->object);
    free(task->attempt);
    free(path);
    return error;
}

/* ---- the table ---- */

/* Of the table: verdicts are in capitals there. */
static const char *shown_word(const struct graded *graded)
{
    switch (graded->mark) {
    case MARK_PASS:
        return "PASS";
    case MARK_COMPILER:
        return "NOT COMPILED";
    case MARK_ERROR:
        return "NOT CHECKED";
    default:
        return grade_word(graded);
    }
}

static void print_check_command(FILE *stream, int number)
{
    char *command = next_verb("check", number);

    fprintf(stream, "%s\n", command);
    free(command);
}

static void print_row(FILE *stream, const struct graded *graded)
{
    char *word =
        graded->verdict
            ? xasprintf("%s%s", graded->mark == MARK_BROKEN ? "BROKEN: " : "",
                        graded->verdict)
            : NULL;

    fprintf(stream, "  %02d  %-30s  %-23s ", graded->lab->number,
            graded->lab->name, word ? word : shown_word(graded));
    if (graded->seed != 0)
        print_check_command(stream, graded->lab->number);
    else
        fprintf(stream, "%.1f s%s\n", graded->seconds,
                graded->flag ? "  look at it" : "");
    free(word);
}

/* "  12-22  not started": labs that follow each other and have nothing to say
 * stand on one line. */
static void print_table(FILE *stream, const struct grades *grades, size_t from,
                        size_t to)
{
    const struct graded *item = grades->item;

    for (size_t i = from; i < to; i++) {
        size_t last = i;
        if (item[i].mark != MARK_NOT_STARTED) {
            print_row(stream, &item[i]);
            continue;
        }
        while (last + 1 < to && item[last + 1].mark == MARK_NOT_STARTED)
            last++;
        if (last == i)
            fprintf(stream, "  %02d  %-30s  not started\n", item[i].lab->number,
                    item[i].lab->name);
        else
            fprintf(stream, "  %02d to %02d, %zu labs: not started\n",
                    item[i].lab->number, item[last].lab->number, last - i + 1);
        i = last;
    }
}

static void print_end(FILE *stream, const struct grades *grades,
                      const char *out)
{
    int skipped = (int)grades->count - grade_most(grades);
    char *doctor = next_verb("doctor", 0);

    if (skipped > 0)
        fprintf(stream,
                "\n%d skipped: this machine lacks what they need (%s)\n",
                skipped, doctor);
    free(doctor);
    if (grades->seen_whole)
        fputs("\nThe programs could not be isolated: they could read your "
              "files.\n",
              stream);
    fprintf(stream, "\nScore: %d/%d\nwrote to %s/:\n ", grade_score(grades),
            grade_most(grades), out);
    for (size_t i = 0; results_files[i] != NULL; i++)
        fprintf(stream, " %s", results_files[i]);
    fputc('\n', stream);
}

/* ---- all labs ---- */

/* Two that grade into one directory would write the same files: the second
 * waits until the first has ended, even if whoever started that is gone.
 * Returns what is to be closed by close(2); -1 where the directory cannot be
 * locked, flock(2), as on some network file systems. */
static int wait_for_turn(FILE *stream, const char *out,
                         const struct grade_options *options)
{
    int fd = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd == -1 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (errno == EWOULDBLOCK && !options->quiet) {
        fprintf(stream, "waiting: another `grade` is writing to %s\n", out);
        fflush(stream);
    }
    while (flock(fd, LOCK_EX) == -1 && errno == EINTR && !interrupted(options))
        ;
    return fd;
}

static bool is_directory(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static char *grade_all(FILE *stream, const char *root,
                       const struct submission *submission, const char *out,
                       const struct grade_options *options,
                       struct grades *grades)
{
    /* With a stamp an interrupted student is graded again from the start. */
    bool so_far = options->stamp == NULL;
    char *error = so_far ? results_write(out, grades) : NULL;
    size_t shown = 0;
    int64_t start = clock_now();

    grades->seen_whole = !view_possible();
    for (size_t i = 0; i < grades->count && error == NULL; i++) {
        struct task task = {.lab = grades->item[i].lab,
                            .options = options,
                            .in_view = !grades->seen_whole};
        error = grade_lab(root, submission, out, &task, &grades->item[i]);
        if (interrupted(options)) {
            grades->item[i].mark = MARK_PENDING;
            return error;
        }
        grades->seconds = seconds_since(start);
        bool last = i + 1 == grades->count;
        bool writes =
            last || (so_far && grades->item[i].mark != MARK_NOT_STARTED);
        if (error == NULL && writes)
            error = results_write(out, grades);
        bool waits =
            grades->item[i].mark == MARK_NOT_STARTED && i + 1 < grades->count;
        if (!options->quiet && !waits) {
            print_table(stream, grades, shown, i + 1);
            fflush(stream);
            shown = i + 1;
        }
    }
    return error;
}

static void grades_free(struct grades *grades)
{
    for (size_t i = 0; i < grades->count; i++) {
        free(grades->item[i].verdict);
        free(grades->item[i].message);
        free(grades->item[i].output);
        free(grades->item[i].flag);
        free(grades->item[i].file);
    }
    free(grades->item);
}

void grade_of_check(const struct check *check, const struct lab *lab,
                    struct graded *graded)
{
    json_use_our_memory();
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    *graded = (struct graded){.lab = lab};
    print_check_json(stream, check);
    fclose(stream);
    cJSON *report = cJSON_Parse(text);
    read_report(graded, report);
    graded->line = line_in(report, check->file);
    cJSON_Delete(report);
    free(text);
    free(graded->output);
    free(graded->flag);
    graded->output = NULL;
    graded->flag = (char *)check_flag(check);
    graded->file = check->file;
}

/* What others than people read. */
static char *write_for_others(FILE *stream, const struct grades *grades,
                              const struct grade_options *options)
{
    bool ours = options->sarif != NULL && strcmp(options->sarif, "-") == 0;
    struct fresh_file file;
    bool good = true;

    if (ours) {
        good = sarif_write(stream, grades);
    } else if (options->sarif != NULL) {
        good = fresh_open(&file, options->sarif) &&
               sarif_write(file.stream, grades);
        good = fresh_close(&file) && good;
    }
    if (!good)
        return xasprintf("cannot write %s: %s", options->sarif,
                         strerror(errno));
    if (options->autolab && !autolab_write(stream, grades))
        return xasprintf("cannot write the scores: %s", strerror(errno));
    return NULL;
}

static char *make_directory(const char *path)
{
    return directories_make(path)
               ? NULL
               : xasprintf("cannot make the directory %s: %s", path,
                           strerror(errno));
}

static char *no_attempts(void)
{
    char *try = next_verb("try", 31);
    char *error = xasprintf("there are no attempts yet: %s starts one", try);

    free(try);
    return error;
}

/* Removes what an earlier submission got. */
static void forget_grades(const char *out, const struct grades *grades)
{
    submission_ungraded(out);
    for (size_t i = 0; results_files[i] != NULL; i++) {
        char *path = xasprintf("%s/%s", out, results_files[i]);
        unlink(path);
        free(path);
    }
    for (size_t i = 0; i < grades->count; i++)
        pages_remove(out, grades->item[i].lab->number);
}

/* All that is done while nobody else writes to that directory. */
static char *grade_in_turn(FILE *stream, const char *root, const char *place,
                           const char *out, const struct grade_options *options,
                           struct grades *grades)
{
    struct submission submission = submission_in(xstrdup(place));
    char stamp[SHA256_HEX], *error;

    if (options->stamp != NULL) {
        submission_stamp(&submission, options->stamp, stamp);
        forget_grades(out, grades);
    }
    error = grade_all(stream, root, &submission, out, options, grades);
    submission_free(&submission);
    if (error != NULL || interrupted(options))
        return error;
    if (!options->quiet)
        print_end(stream, grades, options->out ? out : "build/grade");
    error = write_for_others(stream, grades, options);
    if (error == NULL && options->stamp != NULL &&
        !submission_graded(out, stamp))
        error = xasprintf("cannot write %s/stamp: %s", out, strerror(errno));
    return error;
}

char *grade(FILE *stream, const char *root, const struct lab_list *labs,
            const struct grade_options *options)
{
    char *place = options->submission ? submission_place(options->submission)
                                      : xasprintf("%s/attempts", root);
    char *out = options->out ? xstrdup(options->out)
                             : xasprintf("%s/build/grade", root);
    struct grades grades = {.count = labs->count};
    char *error = NULL;
    int turn = -1;

    environment_clean();
    grades.item = xcalloc(labs->count, sizeof(*grades.item));
    for (size_t i = 0; i < labs->count; i++)
        grades.item[i].lab = &labs->lab[i];
    if (!is_directory(place))
        error = options->submission
                    ? xasprintf("there is no directory %s", options->submission)
                    : no_attempts();
    if (error == NULL)
        error = make_directory(out);
    if (error == NULL)
        turn = wait_for_turn(stream, out, options);
    if (error == NULL && !interrupted(options))
        error = grade_in_turn(stream, root, place, out, options, &grades);
    if (turn != -1)
        close(turn);
    grades_free(&grades);
    free(place);
    free(out);
    return error;
}
