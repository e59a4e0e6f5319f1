/* SPDX-License-Identifier: MIT
 *
 * report: the words of a report, what it owns, and the machine it was made on.
 */
#define _GNU_SOURCE
#include "report/report.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/tongue.h"
#include "report/measured.h"

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

/* ---- words ---- */

const char *variant_word(enum variant variant)
{
    switch (variant) {
    case VARIANT_NONE:
        return NULL;
    case VARIANT_LAB:
        return "lab";
    case VARIANT_SOLUTION:
        return "solution";
    case VARIANT_ATTEMPT:
        return "attempt";
    case VARIANT_PROGRAM:
        return "program";
    case VARIANT_COMMAND:
        return "command";
    case VARIANT_PROCESS:
        return "process";
    }
    return NULL;
}

const char *verdict_word(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_EXIT:
        return "exit";
    case VERDICT_KILLED:
        return "killed";
    case VERDICT_HANG:
        return "hang";
    case VERDICT_IDLE:
        return "idle";
    case VERDICT_NO_PROGRESS:
        return "no-progress";
    case VERDICT_RUNNING:
        return "running";
    }
    return "unknown";
}

const char *outcome_word(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_NONE:
        return "";
    case OUTCOME_HAZARD:
        return "hazard";
    case OUTCOME_SAFE:
        return "safe";
    case OUTCOME_BROKEN:
        return "broken";
    case OUTCOME_SKIP:
        return "skip";
    }
    return "unknown";
}

const char *waits_word(enum waits waits)
{
    switch (waits) {
    case WAITS_UNKNOWN:
        return NULL;
    case WAITS_MUTEX:
        return N_("mutex");
    case WAITS_RWLOCK:
        return N_("rwlock");
    case WAITS_CONDITION:
        return N_("condition");
    case WAITS_SEMAPHORE:
        return N_("semaphore");
    case WAITS_BARRIER:
        return N_("barrier");
    case WAITS_ONCE:
        return N_("once");
    case WAITS_FUTEX:
        return N_("futex");
    case WAITS_LIBRARY_LOCK:
        return N_("library lock");
    case WAITS_FILE_LOCK:
        return N_("file lock");
    case WAITS_JOIN:
        return N_("join");
    case WAITS_PIPE:
        return N_("pipe");
    case WAITS_NAMED_PIPE:
        return N_("named pipe");
    case WAITS_SOCKET:
        return N_("socket");
    case WAITS_EVENTFD:
        return N_("eventfd");
    case WAITS_TIMERFD:
        return N_("timerfd");
    case WAITS_SIGNALFD:
        return N_("signalfd");
    case WAITS_PIDFD:
        return N_("pidfd");
    case WAITS_DESCRIPTOR:
        return N_("descriptor");
    case WAITS_POLL:
        return N_("poll");
    case WAITS_CLIENT:
        return N_("client");
    case WAITS_CHILD:
        return N_("child");
    case WAITS_SIGNAL:
        return N_("signal");
    case WAITS_QUEUE:
        return N_("queue");
    case WAITS_TIME:
        return N_("time");
    case WAITS_STOPPED:
        return N_("stopped");
    }
    return NULL;
}

const char *report_object(const struct thread_report *thread)
{
    bool ours = thread->object != NULL && strchr(thread->object, ' ') != NULL;

    return ours ? tr(thread->object) : thread->object;
}

bool waits_is_lock(enum waits waits)
{
    return waits >= WAITS_MUTEX && waits <= WAITS_FILE_LOCK;
}

const char *owner_word(enum owner_is owner)
{
    switch (owner) {
    case OWNER_NONE:
        return NULL;
    case OWNER_UNKNOWN:
        return "unknown";
    case OWNER_VANISHED:
        return "vanished";
    case OWNER_SELF:
        return "self";
    case OWNER_FORKER:
        return "forker";
    case OWNER_THREAD:
        return "thread";
    case OWNER_PROCESS:
        return "process";
    case OWNER_DEAD:
        return "dead";
    }
    return NULL;
}

const char *end_word(enum process_end end)
{
    switch (end) {
    case END_ALIVE:
        return "alive";
    case END_STUCK:
        return "stuck";
    case END_EXIT:
        return "exit";
    case END_KILLED:
        return "killed";
    case END_GONE:
        return "gone";
    }
    return "unknown";
}

void verdict_title(const struct report *report, char *text, size_t size)
{
    switch (report->verdict) {
    case VERDICT_EXIT:
        snprintf(text, size, "EXIT %d", report->code);
        return;
    case VERDICT_KILLED:
        snprintf(text, size, "KILLED by %s", signal_name(report->code));
        return;
    case VERDICT_HANG:
        snprintf(text, size, N_("HANG (proved)"));
        return;
    case VERDICT_IDLE:
        snprintf(text, size, N_("IDLE"));
        return;
    case VERDICT_NO_PROGRESS:
        snprintf(text, size, N_("NO PROGRESS"));
        return;
    case VERDICT_RUNNING:
        snprintf(text, size,
                 report->limit ? N_("ENDED AT A LIMIT") : N_("STILL RUNNING"));
        return;
    }
    snprintf(text, size, "unknown verdict %d", (int)report->verdict);
}

const char *signal_limit(int signal)
{
    switch (signal) {
    case SIGXFSZ:
        return N_("a file reached the size limit (1 GiB, or ulimit -f)");
    case SIGXCPU:
        return N_("it used up the CPU time that ulimit -t allows");
    default:
        return NULL;
    }
}

/* sigabbrev_np() is glibc 2.32 and newer; musl has nothing of the kind. */
#ifdef __GLIBC__
#define HAS_SIGABBREV __GLIBC_PREREQ(2, 32)
#else
#define HAS_SIGABBREV 0
#endif

#if HAS_SIGABBREV

static const char *signal_abbreviation(int signal)
{
    return sigabbrev_np(signal);
}

#else

static const char *signal_abbreviation(int signal)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {SIGHUP, "HUP"},       {SIGINT, "INT"},       {SIGQUIT, "QUIT"},
        {SIGILL, "ILL"},       {SIGTRAP, "TRAP"},     {SIGABRT, "ABRT"},
        {SIGBUS, "BUS"},       {SIGFPE, "FPE"},       {SIGKILL, "KILL"},
        {SIGUSR1, "USR1"},     {SIGSEGV, "SEGV"},     {SIGUSR2, "USR2"},
        {SIGPIPE, "PIPE"},     {SIGALRM, "ALRM"},     {SIGTERM, "TERM"},
        {SIGSTKFLT, "STKFLT"}, {SIGCHLD, "CHLD"},     {SIGCONT, "CONT"},
        {SIGSTOP, "STOP"},     {SIGTSTP, "TSTP"},     {SIGTTIN, "TTIN"},
        {SIGTTOU, "TTOU"},     {SIGURG, "URG"},       {SIGXCPU, "XCPU"},
        {SIGXFSZ, "XFSZ"},     {SIGVTALRM, "VTALRM"}, {SIGPROF, "PROF"},
        {SIGWINCH, "WINCH"},   {SIGIO, "POLL"},       {SIGPWR, "PWR"},
        {SIGSYS, "SYS"},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (names[i].number == signal)
            return names[i].name;
    }
    return NULL;
}

#endif

#define SIGNAL_NAME_SIZE 24

const char *signal_name(int signal)
{
    static char name[NSIG + 1][SIGNAL_NAME_SIZE]; /* the last: all others */
    const char *word = signal_abbreviation(signal);
    char *text = name[signal >= 0 && signal < NSIG ? signal : NSIG];

    if (word) {
        snprintf(text, SIGNAL_NAME_SIZE, "SIG%s", word);
    } else {
        snprintf(text, SIGNAL_NAME_SIZE, "signal %d", signal);
    }
    return text;
}

bool signal_is_crash(int signal)
{
    switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGABRT:
    case SIGTRAP:
    case SIGSYS:
        return true;
    default:
        return false;
    }
}

/* ---- looking things up ---- */

struct process_report *report_process(const struct report *report, pid_t pid)
{
    for (size_t i = 0; i < report->process_count; i++) {
        if (report->processes[i].pid == pid)
            return &report->processes[i];
    }
    return NULL;
}

const struct process_report *report_asked(const struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++)
        if (!report->processes[i].unasked)
            return &report->processes[i];
    return NULL;
}

const struct thread_report *report_culprit(const struct report *report,
                                           const struct process_report **owner)
{
    *owner = NULL;
    for (size_t i = report->process_count; i-- > 0;) {
        const struct process_report *process = &report->processes[i];

        if (process->unasked)
            continue;
        for (size_t k = 0; k < process->thread_count; k++) {
            if (process->threads[k].stuck && process->threads[k].root) {
                *owner = process;
                return &process->threads[k];
            }
        }
    }
    return NULL;
}

void report_machine(struct report *report)
{
    struct utsname name;

    free(report->machine.libc);
    free(report->machine.kernel);
    free(report->machine.arch);
#ifdef __GLIBC__
    report->machine.libc = xasprintf("glibc %s", gnu_get_libc_version());
#else
    report->machine.libc = xstrdup("musl");
#endif
    if (uname(&name) == -1)
        memset(&name, 0, sizeof(name));
    report->machine.kernel = xstrdup(name.release);
    report->machine.arch = xstrdup(name.machine);
}

/* ---- giving it back ---- */

static void stack_free(struct frame *stack, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(stack[i].function);
        free(stack[i].file);
        free(stack[i].library);
    }
    free(stack);
}

static void thread_free(struct thread_report *thread)
{
    stack_free(thread->stack, thread->frames);
    stack_free(thread->script, thread->script_frames);
    free(thread->others);
    free(thread->function);
    free(thread->file);
    free(thread->object);
    free(thread->detail);
    free(thread->why);
    free(thread->told);
}

static void process_free(struct process_report *process)
{
    for (size_t i = 0; i < process->thread_count; i++)
        thread_free(&process->threads[i]);
    free(process->threads);
    facts_free(&process->extra);
}

void report_free(struct report *report)
{
    for (size_t i = 0; i < report->process_count; i++)
        process_free(&report->processes[i]);
    for (size_t i = 0; i < report->record_count; i++)
        free(report->records[i].text);
    free(report->processes);
    free(report->records);
    facts_free(&report->extra);
    strings_free(&report->evidence);
    strings_free(&report->notes);
    facts_free(&report->findings);
    facts_free(&report->missing);
    facts_free(&report->unexpected);
    plot_free(&report->plot);
    free(report->falsified.moved);
    free(report->falsified.before.item);
    free(report->falsified.after.item);
    free(report->n);
    free(report->stem);
    free(report->title);
    free(report->program);
    free(report->why);
    free(report->told);
    free(report->unless);
    free(report->not_removed);
    free(report->tmp_note);
    free(report->layers);
    free(report->reason);
    free(report->check.file);
    free(report->check.run);
    free(report->check.wanted);
    free(report->check.where);
    free(report->limit);
    free(report->check.likely);
    free(report->machine.libc);
    free(report->machine.kernel);
    free(report->machine.arch);
    *report = (struct report){0};
}

bool report_is_there(const struct process_report *process)
{
    return process->end == END_ALIVE || process->end == END_STUCK;
}

bool report_waits_for_client(const struct thread_report *thread)
{
    return !thread->stuck && thread->waits == WAITS_CLIENT;
}
