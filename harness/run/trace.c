/* SPDX-License-Identifier: MIT
 *
 * trace: see trace.h.
 */
#define _GNU_SOURCE
#include "run/trace.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "linux/proc.h"
#include "autopsy/unwind.h"

#define LOOKS 8            /* at one running thread */
#define PAUSE_NS 2000000   /* between two of them */
#define STOPS_MS 200       /* at most, until a thread stops when it is asked */
#define MAX_THREADS 8      /* that are looked at */
#define NULL_PAGE 0x10000u /* an address below is a null pointer's */

/* ---- registers ---- */

struct place_now {
    unsigned long pc, sp, fp;
};

/* Of a thread that is stopped for us. */
static bool read_registers(pid_t tid, struct place_now *now)
{
    struct user_regs_struct registers;
    struct iovec io = {&registers, sizeof(registers)};

    if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &io) == -1)
        return false;
#if defined(__x86_64__)
    *now = (struct place_now){registers.rip, registers.rsp, registers.rbp};
#elif defined(__aarch64__)
    *now = (struct place_now){registers.pc, registers.sp, registers.regs[29]};
#else
    return false;
#endif
    return true;
}

/* The frames of a thread that is stopped for us. The caller frees them. */
static size_t frames_now(struct stack *stack, pid_t tid, struct frame **frames)
{
    struct place_now now;

    *frames = NULL;
    if (!read_registers(tid, &now))
        return 0;
    return stack_frames_from(stack, tid, now.sp, now.pc, now.fp, frames);
}

/* ---- where a thread runs ---- */

/* Waits until the thread has stopped. Returns the signal to give it when it
 * goes on, or -1: it has not stopped. */
static int wait_for_stop(pid_t tid)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    int status;

    for (int i = 0; i < STOPS_MS; i++) {
        pid_t got = waitpid(tid, &status, WNOHANG | __WALL);
        if (got == tid && !WIFSTOPPED(status))
            return -1;
        if (got == tid)
            return status >> 16 ? 0 : WSTOPSIG(status);
        if (got == -1)
            return -1;
        nanosleep(&pause, NULL);
    }
    return -1;
}

/* What several looks at one thread have in common. */
struct round {
    char *function[64]; /* from the outermost one on */
    int line[64];       /* the smallest that was seen */
    char *file[64];
    size_t count;
    int looks;
};

static void cut_round(struct round *round, size_t count)
{
    while (round->count > count) {
        round->count--;
        free(round->function[round->count]);
        free(round->file[round->count]);
    }
}

/* Takes one stack into account: functions that are not on it are left. */
static void add_look(struct round *round, const struct frame *frames,
                     size_t count)
{
    size_t at = 0;

    for (size_t i = count; i > 0 && at < 64; i--) {
        const struct frame *frame = &frames[i - 1];
        if (!frame->in_program || frame->function == NULL || frame->line == 0)
            continue;
        if (round->looks == 0) {
            round->function[at] = xstrdup(frame->function);
            round->file[at] = xstrdup(frame->file ? frame->file : "");
            round->line[at] = frame->line;
            round->count = at + 1;
        } else if (at >= round->count ||
                   strcmp(round->function[at], frame->function) != 0) {
            break;
        } else if (frame->line < round->line[at]) {
            round->line[at] = frame->line;
        }
        at++;
    }
    if (at == 0)
        return; /* its stack could not be read */
    cut_round(round, at);
    round->looks++;
}

/* One look at a thread. False: it does not stop, or is gone. */
static bool look_once(struct stack *stack, pid_t tid, bool last,
                      struct round *round)
{
    struct frame *frames;

    if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == -1)
        return false;
    int signal_number = wait_for_stop(tid);
    if (signal_number == -1)
        return false;
    size_t count = frames_now(stack, tid, &frames);
    add_look(round, frames, count);
    if (frames != NULL)
        frames_free(frames, count);
    return ptrace(last ? PTRACE_DETACH : PTRACE_CONT, tid, NULL,
                  (void *)(intptr_t)signal_number) == 0;
}

/* Is it in no system call? */
static bool runs(pid_t pid, pid_t tid)
{
    char text[256];

    return proc_read(text, sizeof(text), "/proc/%d/task/%d/syscall", (int)pid,
                     (int)tid) > 0 &&
           text[0] == 'r';
}

/* Where it does not stop, it is let go when we end. */
size_t trace_frames(struct stack *stack, pid_t pid, pid_t tid,
                    struct frame **frames)
{
    size_t count = 0;

    *frames = NULL;
    if (!runs(pid, tid) || ptrace(PTRACE_SEIZE, tid, NULL, NULL) == -1)
        return 0;
    if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == -1)
        return 0;
    int signal_number = wait_for_stop(tid);
    if (signal_number == -1)
        return 0;
    count = frames_now(stack, tid, frames);
    ptrace(PTRACE_DETACH, tid, NULL, (void *)(intptr_t)signal_number);
    return count;
}

/* False: it is still followed, and would not be gone before we have waited for
 * it. */
static bool look_a_few_times(struct stack *stack, pid_t tid,
                             struct round *round)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    for (int i = 0; i < LOOKS; i++) {
        if (!look_once(stack, tid, i + 1 == LOOKS, round))
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

/* The run is over: a process that we cannot let go ends now. */
static void end_now(pid_t pid, pid_t tid)
{
    int status;

    kill(pid, SIGKILL);
    while (waitpid(tid, &status, __WALL) == tid ? WIFSTOPPED(status)
                                                : errno == EINTR)
        ;
}

static void note_round(const struct round *round,
                       const struct process_report *process,
                       struct thread_report *thread)
{
    size_t last = round->count - 1;

    free(thread->function);
    free(thread->file);
    free(thread->why);
    free(thread->told);
    thread->told = NULL;
    thread->spins = true;
    thread->function = xstrdup(round->function[last]);
    thread->file = xstrdup(round->file[last]);
    thread->line = round->line[last];
    thread->why = xasprintf("%s spins in %s, at %s:%d", process->role,
                            thread->function, thread->file, thread->line);
}

static void trace_thread(pid_t pid, const struct process_report *process,
                         struct thread_report *thread)
{
    struct round round = {0};
    struct stack *stack = stack_open(pid);

    if (stack == NULL)
        return;
    if (ptrace(PTRACE_SEIZE, thread->tid, NULL, NULL) == 0 &&
        !look_a_few_times(stack, thread->tid, &round))
        end_now(pid, thread->tid);
    if (round.count > 0 && round.looks > LOOKS / 2)
        note_round(&round, process, thread);
    stack_close(stack);
    cut_round(&round, 0);
}

static struct thread_report *thread_of(struct process_report *process,
                                       pid_t tid)
{
    for (size_t i = 0; i < process->thread_count; i++)
        if (process->threads[i].tid == tid)
            return &process->threads[i];
    return NULL;
}

void trace_running(const struct snapshot *shot, struct report *report)
{
    int looked_at = 0;

    for (size_t i = 0; i < shot->thread_count && looked_at < MAX_THREADS; i++) {
        const struct thread_shot *seen = &shot->thread[i];
        pid_t pid = shot->process[seen->process].pid;
        struct process_report *process = report_process(report, pid);
        struct thread_report *thread = process && seen->state == 'R'
                                           ? thread_of(process, seen->tid)
                                           : NULL;
        if (thread == NULL)
            continue;
        trace_thread(pid, process, thread);
        looked_at++;
    }
}

/* ---- where a program crashes ---- */

/* The last fault that each thread was told of: only one can be the one that
 * ends the process. */
struct fault {
    pid_t tid;
    int signal;
    unsigned long address;
    bool from_kernel;
};

static void copy_text(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

/* Its thread is about to end, and stopped: its memory is still there. */
static struct crash place_of_crash(const struct fault *fault)
{
    pid_t process = proc_of_thread(fault->tid);
    struct crash crash = {.pid = process ? process : fault->tid,
                          .signal = fault->signal};
    struct stack *stack = stack_open(crash.pid);
    struct frame *frames = NULL;
    const char *library = NULL;

    crash.null = fault->from_kernel && fault->address < NULL_PAGE &&
                 fault->signal == SIGSEGV;
    if (stack == NULL)
        return crash;
    size_t count = frames_now(stack, fault->tid, &frames);
    const struct frame *frame = stack_program_frame(frames, count, &library);
    if (frame != NULL) {
        copy_text(crash.function, sizeof(crash.function), frame->function);
        copy_text(crash.file, sizeof(crash.file), frame->file);
        crash.line = frame->file ? frame->line : 0;
    }
    copy_text(crash.library, sizeof(crash.library), library);
    if (frames != NULL)
        frames_free(frames, count);
    stack_close(stack);
    return crash;
}

static void note_fault(pid_t tid, int signal_number, struct fault *fault)
{
    siginfo_t info;

    if (!signal_is_crash(signal_number))
        return;
    *fault = (struct fault){.tid = tid, .signal = signal_number};
    if (ptrace(PTRACE_GETSIGINFO, tid, NULL, &info) == 0) {
        fault->address = (unsigned long)info.si_addr;
        fault->from_kernel = info.si_code > 0;
    }
}

/* Is it the thread whose fault ends the process? `event` is the end of it. */
static bool dies_of(pid_t tid, const struct fault *fault)
{
    unsigned long status = 0;

    return ptrace(PTRACE_GETEVENTMSG, tid, NULL, &status) == 0 &&
           fault->tid == tid && WIFSIGNALED((int)status) &&
           WTERMSIG((int)status) == fault->signal;
}

/* One stop of one thread. True: the crash is found. */
static bool serve_stop(pid_t tid, int status, struct fault *fault)
{
    int event = status >> 16, signal_number = WSTOPSIG(status);
    bool group_stop = event == PTRACE_EVENT_STOP && signal_number != SIGTRAP;

    if (event == PTRACE_EVENT_EXIT && dies_of(tid, fault))
        return true;
    if (event == 0)
        note_fault(tid, signal_number, fault);
    if (group_stop)
        ptrace(PTRACE_LISTEN, tid, NULL, NULL);
    else
        ptrace(PTRACE_CONT, tid, NULL,
               (void *)(intptr_t)(event ? 0 : signal_number));
    return false;
}

__attribute__((noreturn)) static void tracer(pid_t first, int fd)
{
    const unsigned long follow = PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
                                 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                                 PTRACE_O_TRACEEXIT;
    struct fault fault = {0};
    int status;
    pid_t tid;

    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 ||
        ptrace(PTRACE_SEIZE, first, NULL, (void *)follow) == -1 ||
        write(fd, "!", 1) != 1)
        _exit(1);
    stack_prepare();
    while ((tid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
        if (tid <= 0 || !WIFSTOPPED(status) || !serve_stop(tid, status, &fault))
            continue;
        struct crash crash = place_of_crash(&fault);
        if (write(fd, &crash, sizeof(crash)) != (ssize_t)sizeof(crash))
            _exit(1);
        for (;;) /* the crashed process stays as long as we do */
            pause();
    }
    _exit(0);
}

int trace_crashes(pid_t first, pid_t *pid)
{
    int ends[2];
    char ready;

    *pid = 0;
    if (pipe2(ends, O_CLOEXEC) == -1)
        return -1;
    *pid = fork();
    if (*pid == 0) {
        close(ends[0]);
        tracer(first, ends[1]);
    }
    close(ends[1]);
    if (*pid > 0 && read(ends[0], &ready, 1) == 1)
        return ends[0];
    trace_end(*pid > 0 ? *pid : 0, ends[0]);
    *pid = 0;
    return -1;
}

void trace_end(pid_t pid, int fd)
{
    if (pid > 0) {
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
            ;
    }
    if (fd != -1)
        close(fd);
}
