/* SPDX-License-Identifier: MIT
 *
 * witness: see witness.h.
 */
#define _GNU_SOURCE
#include "cage/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "cage/filter.h"
#include "linux/remote.h"
#include "linux/syscalls.h"

/* Linux 5.19: a signal does not interrupt a call that waits for our answer. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* Linux 6.6 */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

/* linux/io_uring.h: flags of a ring to which nobody need submit by a call, that
 * is in the program's own memory, or has no descriptor. */
#define RING_HIDES ((1U << 1) | (1U << 14) | (1U << 15))
#define RING_FLAGS_AT 8 /* in struct io_uring_params */

/* How long witness_hear_now() waits; and if that was over before it began to.
 */
#define PATIENCE_NS 50000
#define AGAIN_NS 10000000

int witness_install(struct witness_rules rules)
{
    struct filter filter;
    struct sock_fprog program = {.filter = filter.code};
    unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;

    if (!witness_filter(&filter, rules) ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        return -1;
    program.len = filter.length;
    int listener =
        (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                     flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    if (listener == -1 && errno == EINVAL)
        listener =
            (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (listener != -1)
        witness_wakes_here(listener, true);
    return listener;
}

void witness_wakes_here(int listener, bool here)
{
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
                here ? SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP : 0);
}

/* Milliseconds until an alarm clock rings, rounded up; see witness.h. */
static int milliseconds(time_t seconds, suseconds_t micro)
{
    return seconds > 1000000
               ? -1
               : (int)seconds * 1000 + (int)((micro + 999) / 1000);
}

static bool is_time(const struct timeval *time)
{
    return time->tv_sec >= 0 && time->tv_usec >= 0 && time->tv_usec < 1000000;
}

/* A timer that cannot be read counts as periodic, which is safe: then nothing
 * is proved. So does one that the kernel will refuse: the old one stays set. */
static int timer_value(pid_t tid, unsigned long address)
{
    struct itimerval timer;

    if (!remote_read(tid, address, &timer, sizeof(timer)) ||
        !is_time(&timer.it_value) || !is_time(&timer.it_interval))
        return -1;
    if (timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0)
        return 0;
    if (timer.it_interval.tv_sec != 0 || timer.it_interval.tv_usec != 0)
        return -1;
    return milliseconds(timer.it_value.tv_sec, timer.it_value.tv_usec);
}

/* The same for a timer of timer_create(2); one that is set to a time of a clock
 * counts as periodic, too. */
static int posix_value(const struct seccomp_data *call, pid_t tid)
{
    struct itimerspec timer;

    if ((call->args[1] & TIMER_ABSTIME) != 0 ||
        !remote_read(tid, call->args[2], &timer, sizeof(timer)) ||
        timer.it_value.tv_sec < 0 || timer.it_value.tv_nsec < 0 ||
        timer.it_value.tv_nsec >= 1000000000 || timer.it_interval.tv_sec != 0 ||
        timer.it_interval.tv_nsec != 0)
        return -1;
    return milliseconds(timer.it_value.tv_sec,
                        (timer.it_value.tv_nsec + 999) / 1000);
}

/* The flags of clone(2) or clone3(2). Where they cannot be read: a process that
 * shares all. */
static uint64_t clone_flags(const struct seccomp_notif *notice)
{
    uint64_t flags = notice->data.args[0];

    if (notice->data.nr == SYS_clone3 &&
        !remote_read((pid_t)notice->pid, notice->data.args[0], &flags,
                     sizeof(flags)))
        flags = CLONE_VM | CLONE_FILES | CLONE_FS;
    return flags;
}

/* testimony->work and clone_shares. After vfork(2), the maker sleeps as long as
 * the memory is shared. */
static void understand_clone(const struct seccomp_notif *notice,
                             struct testimony *testimony)
{
    uint64_t flags = clone_flags(notice);

    testimony->work = flags & CLONE_THREAD ? WORK_THREAD : 0;
    if (!(flags & CLONE_THREAD))
        testimony->clone_shares =
            (unsigned)flags &
            (flags & CLONE_VFORK ? CLONE_FILES | CLONE_FS
                                 : CLONE_FILES | CLONE_FS | CLONE_VM);
}

/* testimony->low and high. */
static void numbers_of(const struct seccomp_data *call,
                       struct testimony *testimony)
{
    bool first = call->nr == SYS_close || call->nr == SYS_close_range;

    testimony->low = (unsigned)call->args[first ? 0 : 1];
    testimony->high =
        call->nr == SYS_close_range ? (unsigned)call->args[1] : testimony->low;
}

static unsigned work_of(const struct seccomp_notif *notice)
{
    switch (notice->data.nr) {
#ifdef SYS_pipe
    case SYS_pipe:
#endif
    case SYS_pipe2:
    case SYS_socketpair:
        return WORK_PIPE;
    case SYS_bind:
        return WORK_SOCKET;
    case SYS_execve:
    case SYS_execveat:
        return WORK_PROGRAM;
    default:
        return 0;
    }
}

/* A ring that has neither a descriptor nor a mapping may be anywhere. */
static enum testimony_kind kind_of_ring(const struct seccomp_notif *notice)
{
    unsigned flags = 0;

    return remote_read((pid_t)notice->pid, notice->data.args[1] + RING_FLAGS_AT,
                       &flags, sizeof(flags)) &&
                   (flags & RING_HIDES) == 0
               ? HEARD_RING
               : HEARD_STRANGE;
}

static enum testimony_kind kind_of_fcntl(const struct seccomp_data *call)
{
    if (call->args[1] == F_SETLEASE || call->args[1] == F_NOTIFY)
        return HEARD_TIMER;
    if (call->args[1] == F_SETOWN || call->args[1] == F_SETOWN_EX)
        return HEARD_OWNER;
    return call->args[1] == F_SETFL ? HEARD_ASYNC : HEARD_WORK;
}

static enum testimony_kind kind_of_ioctl(const struct seccomp_data *call)
{
    switch ((unsigned)call->args[1]) {
    case FIOASYNC:
        return HEARD_ASYNC;
    case FIOSETOWN:
    case SIOCSPGRP:
        return HEARD_OWNER;
    default:
        return HEARD_STRANGE;
    }
}

static enum testimony_kind kind_of(int call)
{
    switch (call) {
    case SYS_exit_group:
        return HEARD_EXIT;
    case SYS_io_setup:
    case SYS_io_destroy:
        return HEARD_RING;
    case SYS_sendmsg:
    case SYS_sendmmsg:
    case SYS_recvmsg:
    case SYS_recvmmsg:
        return HEARD_PASSING;
    case SYS_io_uring_register:
    case SYS_io_uring_enter:
    case SYS_userfaultfd:
    case SYS_unshare:
        return HEARD_STRANGE;
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo:
    case SYS_pidfd_send_signal:
        return HEARD_KILL;
#ifdef SYS_alarm
    case SYS_alarm:
#endif
    case SYS_setitimer:
        return HEARD_ALARM;
    case SYS_close:
    case SYS_close_range:
    case SYS_dup3:
#ifdef SYS_dup2
    case SYS_dup2:
#endif
        return HEARD_NUMBERS;
    case SYS_futex:
    case SYS_futex_requeue:
        return HEARD_REQUEUE;
    case SYS_ptrace:
    case SYS_process_vm_writev:
    case SYS_pidfd_getfd:
        return HEARD_REACH;
    case SYS_mmap:
#ifdef SYS_shmat
    case SYS_shmat:
#endif
        return HEARD_SHARED;
    case SYS_mremap:
        return HEARD_MOVE;
    case SYS_mount:
    case SYS_umount2:
    case SYS_move_mount:
    case SYS_pivot_root:
    case SYS_chroot:
    case SYS_setns:
        return HEARD_PLACES;
    case SYS_seccomp:
        return HEARD_LISTENER;
    case SYS_timer_create:
        return HEARD_TIMER;
    case SYS_prctl:
        return HEARD_REAPER;
#ifdef SYS_timer_settime
    case SYS_timer_settime:
        return HEARD_TIMER_SET;
#endif
    case SYS_setsockopt:
        return HEARD_TIMEOUT;
#ifdef SYS_pipe
    case SYS_pipe:
#endif
    case SYS_pipe2:
    case SYS_socketpair:
    case SYS_execve:
    case SYS_execveat:
        return HEARD_WORK;
    default:
        return HEARD_MAKING;
    }
}

/* testimony->value of that call; see enum testimony_kind. */
static int value_of(const struct seccomp_notif *notice)
{
    const struct seccomp_data *call = &notice->data;

    switch (call->nr) {
    case SYS_exit_group:
        return (int)(call->args[0] & 0xff);
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo:
        return (int)call->args[0];
    case SYS_pidfd_send_signal:
        return 0;
    case SYS_prctl:
        return call->args[0] == PR_SET_PDEATHSIG ? (int)call->args[1]
                                                 : call->args[1] != 0;
#ifdef SYS_alarm
    case SYS_alarm:
        return milliseconds((unsigned)call->args[0], 0);
#endif
#ifdef SYS_timer_settime
    case SYS_timer_settime:
        return posix_value(call, (pid_t)notice->pid);
#endif
    case SYS_setitimer:
        return timer_value((pid_t)notice->pid, call->args[1]);
    default:
        return 1;
    }
}

static void understand(const struct seccomp_notif *notice,
                       struct testimony *testimony)
{
    const struct seccomp_data *call = &notice->data;

    *testimony = (struct testimony){
        .kind = HEARD_STRANGE,
        .tid = (pid_t)notice->pid,
        .value = 1,
        .call = call->nr,
        .id = notice->id,
    };
    memcpy(testimony->args, call->args, sizeof(testimony->args));
    if (call->arch != FILTER_ARCH || (unsigned)call->nr >= FILTER_X32_CALLS)
        return;
    testimony->kind = call->nr == SYS_io_uring_setup ? kind_of_ring(notice)
                                                     : kind_of(call->nr);
    if (call->nr == SYS_fcntl)
        testimony->kind = kind_of_fcntl(call);
    if (call->nr == SYS_ioctl)
        testimony->kind = kind_of_ioctl(call);
    if (call->nr == SYS_prctl && call->args[0] == PR_SET_MM)
        testimony->kind = HEARD_STRANGE;
    if (call->nr == SYS_prctl && call->args[0] == PR_SET_PDEATHSIG)
        testimony->kind = HEARD_PARENT_ENDS;
    testimony->value = value_of(notice);
    testimony->work = work_of(notice);
    if (call->nr == SYS_clone || call->nr == SYS_clone3)
        understand_clone(notice, testimony);
    if (testimony->kind == HEARD_NUMBERS)
        numbers_of(call, testimony);
}

/* Have all that have the filter ended? */
static bool all_gone(int listener)
{
    struct pollfd gone = {.fd = listener};

    return poll(&gone, 1, 0) == 1 && (gone.revents & POLLHUP) != 0;
}

/* seccomp(2): ENOENT where the kernel has counted a call that does not wait any
 * more, and after the program's end. */
enum hearing witness_hear(int listener, struct testimony *testimony)
{
    /* The kernel may know a longer struct than our headers: it wants a buffer
     * of its own size, all zero. */
    union {
        struct seccomp_notif notice;
        char bytes[1024];
    } buffer;

    memset(&buffer, 0, sizeof(buffer));
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &buffer.notice) == -1)
        return errno == ENOENT && !all_gone(listener) ? HEARING_LOSS
                                                      : HEARING_SILENCE;
    understand(&buffer.notice, testimony);
    return HEARING_CALL;
}

static void be_interrupted(int signal)
{
    (void)signal;
}

enum hearing witness_hear_now(int listener, struct testimony *testimony)
{
    /* It rings again and again: once may be before the call that it ends. But
     * not so soon that the handler is all that a slow machine gets done. */
    const struct itimerspec soon = {.it_value.tv_nsec = PATIENCE_NS,
                                    .it_interval.tv_nsec = AGAIN_NS};
    struct sigevent ring = {.sigev_notify = SIGEV_SIGNAL,
                            .sigev_signo = SIGALRM};
    struct sigaction interrupt = {.sa_handler = be_interrupted}, before;
    enum hearing heard = HEARING_LOSS; /* nobody knows */
    sigset_t alarm, blocked;
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &ring, &timer) == -1)
        return heard;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigaction(SIGALRM, &interrupt, &before);
    sigprocmask(SIG_UNBLOCK, &alarm, &blocked);
    if (timer_settime(timer, 0, &soon, NULL) == 0)
        heard = witness_hear(listener, testimony);
    timer_delete(timer);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    sigaction(SIGALRM, &before, NULL);
    return heard;
}

void witness_release(int listener, const struct testimony *testimony,
                     struct call_answer answer)
{
    union {
        struct seccomp_notif_resp answer;
        char bytes[1024];
    } buffer;

    memset(&buffer, 0, sizeof(buffer));
    buffer.answer.id = testimony->id;
    if (answer.proceed)
        buffer.answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else if (answer.error != 0)
        buffer.answer.error = -answer.error;
    else
        buffer.answer.val = answer.value;
    /* ENOENT: the thread was killed while it waited. */
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &buffer.answer);
}
