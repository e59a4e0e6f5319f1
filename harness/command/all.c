/* SPDX-License-Identifier: MIT
 *
 * command/all: see all.h.
 */
#define _GNU_SOURCE
#include "command/all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "command/run.h"
#include "linux/processors.h"
#include "print/printers.h"
#include "run/mariadb.h"

/* As many numbers of labs fit in a line of progress. */
#define MAX_SHOWN 8

struct tally {
    int hazards, cured, safe, other, skipped;
};

/* A lab, and the process that runs it and its solution. What that has to say is
 * in a file: a struct tally, then the row as text. Labs that need a server
 * share one, and so a process, that of the first of them. */
struct row {
    const struct lab *lab;
    struct row *next; /* that the same process runs, or NULL */
    pid_t pid;        /* 0: not begun, or it has ended, or another row has it */
    int said;         /* -1: not begun */
    bool done;
};

struct table {
    const struct call *call;
    struct row *row;    /* in the order of their numbers */
    struct row **order; /* in which processes are begun */
    size_t processes, begun;
    size_t count, printed; /* printed: or left out, interrupted */
    size_t shown;
    int jobs, busy;
    struct tally tally;
    bool shows_progress, failed;
};

/* ---- a worker: one lab, or those that share a server ---- */

static void count(struct tally *tally, const struct report *report)
{
    if (report->outcome == OUTCOME_SKIP)
        tally->skipped++;
    else if (!run_as_wanted(report))
        tally->other++;
    else if (report->outcome == OUTCOME_HAZARD)
        tally->hazards++;
    else if (report->variant == VARIANT_LAB)
        tally->cured++;
    else
        tally->safe++;
}

static bool run_row(const struct table *table, const struct row *row,
                    struct mariadb_shared *shared)
{
    struct tally tally = {0};
    struct report hazard, safe;
    FILE *said = fdopen(row->said, "w");

    if (said == NULL)
        return false;
    command_run_lab(table->call, row->lab, VARIANT_LAB, shared, &hazard);
    command_run_lab(table->call, row->lab, VARIANT_SOLUTION, shared, &safe);
    count(&tally, &hazard);
    count(&tally, &safe);
    if (!interrupted) { /* else: these runs tell nothing */
        fwrite(&tally, sizeof(tally), 1, said);
        print_table_row(said, style_for(stdout), row->lab, &hazard, &safe);
    }
    report_free(&hazard);
    report_free(&safe);
    return fclose(said) == 0;
}

__attribute__((noreturn)) static void work(const struct table *table,
                                           const struct row *row, pid_t parent)
{
    struct mariadb_shared shared = {0};
    bool good = true;

    /* A handler of ours gets it, and ends what we have started. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(STATUS_CANNOT);
    for (; row != NULL && good && !interrupted; row = row->next)
        good = run_row(table, row, &shared);
    mariadb_share_end(&shared);
    _exit(interrupted ? 128 + SIGINT : good ? STATUS_WANTED : STATUS_CANNOT);
}

/* ---- the table ---- */

/* A row is written as a whole, which may be before its process has ended. */
static void note_done(struct table *table)
{
    struct stat info;

    for (size_t i = 0; i < table->count; i++) {
        struct row *row = &table->row[i];
        row->done =
            row->done || (row->said != -1 && fstat(row->said, &info) == 0 &&
                          info.st_size > 0);
    }
}

/* The row that the process of this one is at. */
static const struct row *at_work(const struct row *row)
{
    while (row->next != NULL && row->done)
        row = row->next;
    return row;
}

static void clear_progress(const struct table *table)
{
    if (table->shows_progress)
        fputs("\r\033[K", stdout);
}

static void show_progress(const struct table *table)
{
    if (!table->shows_progress || table->printed == table->count)
        return;
    printf("\r\033[K%zu of %zu labs are done; running:", table->printed,
           table->count);
    for (size_t i = table->printed, shown = 0; i < table->count; i++)
        if (table->row[i].pid > 0 && shown++ < MAX_SHOWN)
            printf(" %02d", at_work(&table->row[i])->lab->number);
    fflush(stdout);
}

static void print_row(struct table *table, struct row *row)
{
    struct tally tally;
    char text[4096];
    ssize_t length = 0;

    if (pread(row->said, &tally, sizeof(tally), 0) == sizeof(tally))
        length = pread(row->said, text, sizeof(text), sizeof(tally));
    close(row->said);
    row->said = -1;
    if (length <= 0) {
        table->failed = !interrupted; /* it has said why on stderr */
        return;
    }
    table->shown++;
    clear_progress(table);
    fwrite(text, 1, (size_t)length, stdout);
    table->tally.hazards += tally.hazards;
    table->tally.cured += tally.cured;
    table->tally.safe += tally.safe;
    table->tally.other += tally.other;
    table->tally.skipped += tally.skipped;
}

/* The rows that are done, as far as none before them is missing. */
static void print_rows(struct table *table)
{
    note_done(table);
    while (table->printed < table->count && table->row[table->printed].done)
        print_row(table, &table->row[table->printed++]);
    fflush(stdout);
    show_progress(table);
}

static void begin(struct table *table)
{
    struct row *row = table->order[table->begun], *one = row;
    pid_t parent = getpid();
    bool good = true;

    do {
        one->said = memfd_create("row", MFD_CLOEXEC);
        good = good && one->said != -1;
    } while ((one = one->next) != NULL);
    fflush(NULL);
    row->pid = good ? fork() : -1;
    if (row->pid == 0)
        work(table, row, parent);
    if (row->pid == -1) {
        clear_progress(table);
        command_fail(STATUS_CANNOT, "cannot run lab %02d: %s", row->lab->number,
                     strerror(errno));
    }
    table->begun++;
    table->busy++;
    show_progress(table);
}

/* Whoever was interrupted at the terminal has it from there; else from us. */
static void pass_on_interrupt(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->row[i].pid > 0)
            kill(table->row[i].pid, SIGTERM);
}

static void wait_for_one(struct table *table)
{
    int status;

    if (interrupted)
        pass_on_interrupt(table);
    pid_t pid = waitpid(-1, &status, 0);
    for (size_t i = 0; pid > 0 && i < table->count; i++) {
        struct row *row = &table->row[i];
        if (row->pid != pid)
            continue;
        note_done(table);
        if (WIFSIGNALED(status) && !interrupted)
            fprintf(stderr, "forklab: lab %02d: its run was ended by %s\n",
                    at_work(row)->lab->number, signal_name(WTERMSIG(status)));
        row->pid = 0;
        for (struct row *one = row; one != NULL; one = one->next)
            one->done = true;
        table->busy--;
        print_rows(table);
    }
}

/* Those that wait for a server are begun first: that takes the longest, and no
 * processor. Those that measure have to be alone: so they come last. */
enum { SERVED, ORDINARY, MEASURES, RANKS };

static int rank(const struct lab *lab)
{
    if (lab->plot != NULL)
        return MEASURES;
    return lab_needs(lab, "mariadb") ? SERVED : ORDINARY;
}

static void put_in_order(struct table *table)
{
    struct row *served = NULL; /* the last of those so far */

    table->order = xcalloc(table->count, sizeof(struct row *));
    for (int which = 0; which < RANKS; which++)
        for (size_t i = 0; i < table->count; i++) {
            struct row *row = &table->row[i];
            if (rank(row->lab) != which)
                continue;
            if (which == SERVED && served != NULL)
                served->next = row;
            else
                table->order[table->processes++] = row;
            if (which == SERVED)
                served = row;
        }
}

static void run_rows(struct table *table)
{
    put_in_order(table);
    while (table->begun < table->processes && !interrupted && !table->failed) {
        bool measures = rank(table->order[table->begun]->lab) == MEASURES;
        while (table->busy >= (measures ? 1 : table->jobs) && !interrupted)
            wait_for_one(table);
        if (!interrupted)
            begin(table);
        while (measures && table->busy > 0)
            wait_for_one(table);
    }
    while (table->busy > 0)
        wait_for_one(table);
}

/* ---- the command ---- */

static int cpus(void)
{
    struct processors ours = processors_read();

    return processors_count(&ours);
}

/* Can a line be written over there? */
static bool is_terminal(struct style style)
{
    const char *terminal = getenv("TERM");

    return isatty(STDOUT_FILENO) && !style.plain && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}

static void print_tally(const struct table *table)
{
    const struct tally *tally = &table->tally;

    putchar('\n');
    if (table->shown < table->count)
        printf("%zu of ", table->shown);
    printf("%zu labs: %d showed their hazard, ", table->count, tally->hazards);
    if (tally->cured > 0)
        printf("%d %s cured here, ", tally->cured,
               tally->cured == 1 ? "is" : "are");
    printf("%d solutions were safe, %d not as wanted, %d skipped\n",
           tally->safe, tally->other, tally->skipped);
}

static int run_all(const struct call *call)
{
    const struct lab_list *labs = call->labs;
    struct style style = style_for(stdout);
    struct table table = {.call = call,
                          .count = labs->count,
                          .jobs = call->options->jobs ? call->options->jobs
                                                      : cpus(),
                          .shows_progress = is_terminal(style)};

    if (labs->count == 0)
        command_fail(STATUS_USAGE, "there are no labs in labs/");
    table.row = xcalloc(labs->count, sizeof(*table.row));
    for (size_t i = 0; i < labs->count; i++)
        table.row[i] = (struct row){.lab = &labs->lab[i], .said = -1};
    print_table_head(stdout, style);
    run_rows(&table);
    clear_progress(&table);
    free(table.row);
    free(table.order);
    if (table.failed)
        return STATUS_CANNOT;
    print_tally(&table);
    if (interrupted)
        return 128 + SIGINT;
    return table.tally.other > 0 ? STATUS_OTHER : STATUS_WANTED;
}

int command_run_or_all(const struct call *call)
{
    return call->options->all ? run_all(call) : command_run(call);
}
