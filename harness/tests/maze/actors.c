/* SPDX-License-Identifier: MIT
 *
 * actors: steps on threads, processes and signals, and who goes through a
 * script; see maze.h.
 */
#define _GNU_SOURCE
#include "maze.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of this process; fork(2) copies what its parent had, so that a child may
 * join(3) a thread that it does not have. */
static pthread_t thread[MAX_ACTORS];
static bool started[MAX_ACTORS];
static int handling[65];

static void do_sleep(const struct step *step)
{
    struct timespec time = {step->a / 1000, step->a % 1000 * 1000000L};

    nanosleep(&time, NULL);
}

/* ---- threads and processes ---- */

static void do_fork(const struct step *step)
{
    pid_t pid = fork();

    if (pid == 0) {
        play(&plan.actor[step->a]);
        _exit(0);
    }
}

static void do_start(const struct step *step)
{
    started[step->a] =
        pthread_create(&thread[step->a], NULL, play, &plan.actor[step->a]) == 0;
}

static void do_join(const struct step *step)
{
    if (started[step->a])
        pthread_join(thread[step->a], NULL);
    started[step->a] = false;
}

static void do_wait_child(const struct step *step)
{
    /* It may not have run yet. */
    for (int i = 0; step->a >= 0 && common->pid[step->a] == 0 && i < 50; i++)
        usleep(1000);
    waitpid(step->a >= 0 ? common->pid[step->a] : -1, NULL, 0);
}

static void do_open_pidfd(const struct step *step)
{
    int fd = (int)syscall(SYS_pidfd_open,
                          common->pid[plan.actor[step->a].process], 0);

    if (fd == -1)
        return;
    dup2(fd, SLOT_BASE + SLOT_PIDFD);
    close(fd);
}

static void do_exit_thread(const struct step *step)
{
    (void)step;
    pthread_exit(NULL);
}

static void do_exit(const struct step *step)
{
    (void)step;
    _exit(0);
}

/* ---- signals ---- */

static void handler(int number)
{
    switch (handling[number]) {
    case HANDLE_POST:
        sem_post(&own.semaphore[0]);
        sem_post(&common->meeting.semaphore[0]);
        break;
    case HANDLE_WRITE:
        (void)!write(SLOT_BASE + SLOT_PIPE + 1, "", 1);
        break;
    case HANDLE_EXIT:
        _exit(0);
    default:
        break;
    }
}

static void do_handle(const struct step *step)
{
    struct sigaction action = {.sa_handler = handler,
                               .sa_flags = step->where ? SA_RESTART : 0};

    handling[step->a] = step->b;
    sigaction(step->a, &action, NULL);
}

static sigset_t set_of(int number)
{
    sigset_t set;

    sigemptyset(&set);
    if (number > 0)
        sigaddset(&set, number);
    return set;
}

static void do_block(const struct step *step)
{
    sigset_t set = set_of(step->a);

    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void do_sigwait(const struct step *step)
{
    sigset_t set = set_of(step->a);
    int number;

    sigwait(&set, &number);
}

static void do_pause(const struct step *step)
{
    (void)step;
    pause();
}

static void do_suspend(const struct step *step)
{
    sigset_t none = set_of(0);

    (void)step;
    sigsuspend(&none);
}

static void do_signal(const struct step *step)
{
    pid_t pid = common->pid[plan.actor[step->a].process];

    if (pid > 0)
        kill(pid, step->b);
}

static void do_signal_thread(const struct step *step)
{
    pid_t pid = common->pid[plan.actor[step->a].process];

    if (pid > 0 && common->tid[step->a] > 0)
        syscall(SYS_tgkill, pid, common->tid[step->a], step->b);
}

static void do_alarm(const struct step *step)
{
    struct itimerval when = {.it_value.tv_usec = step->a * 1000L};

    setitimer(ITIMER_REAL, &when, NULL);
}

static void do_posix_timer(const struct step *step)
{
    struct sigevent event = {.sigev_notify =
                                 step->b ? SIGEV_NONE : SIGEV_SIGNAL,
                             .sigev_signo = SIGUSR1};
    struct itimerspec when = {.it_value.tv_nsec = step->a * 1000000L};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0)
        timer_settime(timer, 0, &when, NULL);
}

static void post(union sigval which)
{
    sem_post(&own.semaphore[which.sival_int]);
}

static void do_timer_thread(const struct step *step)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD,
                             .sigev_notify_function = post,
                             .sigev_value.sival_int = step->a};
    struct itimerspec when = {.it_value.tv_nsec = step->b * 1000000L};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0)
        timer_settime(timer, 0, &when, NULL);
}

/* ---- more processes, and what they can send ---- */

struct message {
    long type;
    char byte;
};

static void do_queue_send(const struct step *step)
{
    struct message message = {.type = 1 + step->a};

    msgsnd(common->queue, &message, 1, 0);
}

static void do_queue_take(const struct step *step)
{
    struct message message;

    msgrcv(common->queue, &message, 1, 1 + step->a, 0);
}

static void do_vfork(const struct step *step)
{
    /* NOLINTNEXTLINE(clang-analyzer-security*): it is one of the waits */
    if (vfork() == 0) {
        /* NOLINTNEXTLINE(clang-analyzer-unix.Vfork): the parent waits for it */
        do_sleep(step);
        _exit(0);
    }
}

/* All threads of the process end by that. */
static void do_exec(const struct step *step)
{
    char seconds[16];

    snprintf(seconds, sizeof(seconds), "0.%03d", step->a);
    execlp("sleep", "sleep", seconds, (char *)NULL);
}

doing *const do_actor[OPS] = {
    [OP_SLEEP] = do_sleep,
    [OP_FORK] = do_fork,
    [OP_START] = do_start,
    [OP_WAIT_CHILD] = do_wait_child,
    [OP_JOIN] = do_join,
    [OP_OPEN_PIDFD] = do_open_pidfd,
    [OP_SIGNAL] = do_signal,
    [OP_SIGNAL_THREAD] = do_signal_thread,
    [OP_HANDLE] = do_handle,
    [OP_BLOCK] = do_block,
    [OP_SIGWAIT] = do_sigwait,
    [OP_PAUSE] = do_pause,
    [OP_SUSPEND] = do_suspend,
    [OP_ALARM] = do_alarm,
    [OP_POSIX_TIMER] = do_posix_timer,
    [OP_TIMER_THREAD] = do_timer_thread,
    [OP_QUEUE_SEND] = do_queue_send,
    [OP_QUEUE_TAKE] = do_queue_take,
    [OP_VFORK] = do_vfork,
    [OP_EXEC] = do_exec,
    [OP_EXIT_THREAD] = do_exit_thread,
    [OP_EXIT] = do_exit,
};

/* ---- a script ---- */

static void do_step(const struct step *step)
{
    doing *const *const tables[] = {do_file, do_lock, do_actor};

    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        if (tables[i][step->op] != NULL)
            tables[i][step->op](step);
}

void *play(void *which)
{
    const struct actor *actor = which;
    ptrdiff_t number = actor - plan.actor;

    common->tid[number] = (pid_t)syscall(SYS_gettid);
    if (actor->is_process)
        common->pid[number] = getpid();
    for (int i = 0; i < actor->count; i++)
        do_step(&actor->step[i]);
    return NULL;
}
