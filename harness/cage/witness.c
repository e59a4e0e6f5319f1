/* SPDX-License-Identifier: MIT
 *
 * witness: see witness.h.
 */
#define _GNU_SOURCE
#include "cage/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
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

/* The two numbers of each option: before and since 64-bit time on 32-bit
 * machines, asm-generic/socket.h. */
enum { RCVTIMEO_OLD = 20, SNDTIMEO_OLD = 21, RCVTIMEO_NEW = 66, SNDTIMEO_NEW };

/* linux/io_uring.h: a ring that a thread uses without any descriptor, and the
 * flags of one to which nobody need submit by a call, that is in the program's
 * own memory, or has no descriptor. */
#define REGISTER_RING 20U
#define RING_HIDES ((1U << 1) | (1U << 14) | (1U << 15))
#define RING_FLAGS_AT 8 /* in struct io_uring_params */

/* linux/userfaultfd.h, since Linux 6.1: USERFAULTFD_IOC_NEW. */
#define NEW_USERFAULTFD 0xaa00

#define TELL SECCOMP_RET_USER_NOTIF

#define CALL(number)                                                           \
    {                                                                          \
        .call = (number), .action = TELL                                       \
    }
#define IF(number, index, how, what)                                           \
    {                                                                          \
        .call = (number), .argument = (index), .test = (how),                  \
        .value = (unsigned)(what), .action = TELL                              \
    }

#define ALLOW_IF(number, index, how, what)                                     \
    {                                                                          \
        .call = (number), .argument = (index), .test = (how),                  \
        .value = (unsigned)(what), .action = SECCOMP_RET_ALLOW                 \
    }

#define OURS(number, flags)                                                    \
    {                                                                          \
        .call = (number), .argument = 2, .test = FILTER_EQUAL,                 \
        .value = (flags) | WITNESS_UNHEARD, .action = SECCOMP_RET_ALLOW        \
    }

/* What makes processes, names and IPC objects, and limits of others: for the
 * ledger. */
static const struct filter_rule making_rules[] = {
    CALL(SYS_clone),
    CALL(SYS_clone3),
    CALL(SYS_openat2),
    CALL(SYS_mkdirat),
    CALL(SYS_mknodat),
    CALL(SYS_symlinkat),
    CALL(SYS_linkat),
    CALL(SYS_renameat2),
    CALL(SYS_bind),
    CALL(SYS_mq_open),
    CALL(SYS_shmget),
    CALL(SYS_semget),
    CALL(SYS_msgget),
    IF(SYS_prlimit64, 0, FILTER_NOT_EQUAL, 0),
#ifdef SYS_renameat
    CALL(SYS_renameat),
#endif
#ifdef SYS_fork
    CALL(SYS_fork),
    CALL(SYS_vfork),
#endif
#ifdef SYS_open
    CALL(SYS_creat),
    CALL(SYS_mkdir),
    CALL(SYS_mknod),
    CALL(SYS_symlink),
    CALL(SYS_link),
    CALL(SYS_rename),
    IF(SYS_open, 1, FILTER_BITS, O_CREAT),
#endif
    IF(SYS_openat, 2, FILTER_BITS, O_CREAT),
};

/* What enum work has a word for. */
static const struct filter_rule work_rules[] = {
    CALL(SYS_clone), CALL(SYS_clone3), CALL(SYS_socketpair), CALL(SYS_pipe2),
    CALL(SYS_bind),  CALL(SYS_execve), CALL(SYS_execveat),
#ifdef SYS_pipe
    CALL(SYS_pipe),
#endif
};

/* What changes the meaning of what /proc shows of a thread that sleeps. The
 * flags of clone3(2) are in memory. */
static const struct filter_rule sharing_rules[] = {
    ALLOW_IF(SYS_close, 0, FILTER_BITS, ~(MAX_DESCRIPTORS - 1)),
    CALL(SYS_close),
    CALL(SYS_dup3),
    CALL(SYS_close_range),
#ifdef SYS_dup2
    CALL(SYS_dup2),
#endif
    IF(SYS_futex, 1, FILTER_EQUAL, FUTEX_REQUEUE),
    IF(SYS_futex, 1, FILTER_EQUAL, FUTEX_CMP_REQUEUE),
    IF(SYS_futex, 1, FILTER_EQUAL, FUTEX_CMP_REQUEUE_PI),
    CALL(SYS_futex_requeue),
    CALL(SYS_ptrace),
    CALL(SYS_process_vm_writev),
    CALL(SYS_pidfd_getfd),
    IF(SYS_mmap, 3, FILTER_BITS, MAP_SHARED),
    CALL(SYS_symlinkat),
    CALL(SYS_mount),
    CALL(SYS_umount2),
    CALL(SYS_move_mount),
    CALL(SYS_pivot_root),
    CALL(SYS_chroot),
    CALL(SYS_setns),
#ifdef SYS_shmat
    CALL(SYS_shmat),
#endif
#ifdef SYS_symlink
    CALL(SYS_symlink),
#endif
    IF(SYS_seccomp, 1, FILTER_BITS, SECCOMP_FILTER_FLAG_NEW_LISTENER),
    CALL(SYS_clone3),
    ALLOW_IF(SYS_clone, 0, FILTER_BITS, CLONE_THREAD),
    IF(SYS_clone, 0, FILTER_BITS, CLONE_FILES | CLONE_FS),
    ALLOW_IF(SYS_clone, 0, FILTER_BITS, CLONE_VFORK),
    IF(SYS_clone, 0, FILTER_BITS, CLONE_VM),
};

/* What a proof must know of: see witness.h. */
static const struct filter_rule common_rules[] = {
    CALL(SYS_exit_group),
    CALL(SYS_io_uring_setup),
    CALL(SYS_io_setup),
    IF(SYS_io_uring_register, 1, FILTER_EQUAL, REGISTER_RING),
    IF(SYS_io_uring_enter, 1, FILTER_NOT_EQUAL, 0), /* it submits something */
    CALL(SYS_userfaultfd),
    OURS(SYS_sendmsg, MSG_NOSIGNAL),
    OURS(SYS_recvmsg, MSG_CMSG_CLOEXEC),
    CALL(SYS_sendmsg),
    CALL(SYS_sendmmsg),
    CALL(SYS_recvmsg),
    CALL(SYS_recvmmsg),
    IF(SYS_unshare, 0, FILTER_BITS, CLONE_FILES),
    CALL(SYS_kill),
    CALL(SYS_tkill),
    CALL(SYS_tgkill),
    CALL(SYS_rt_sigqueueinfo),
    CALL(SYS_rt_tgsigqueueinfo),
    CALL(SYS_pidfd_send_signal),
#ifdef SYS_alarm
    CALL(SYS_alarm),
#endif
    CALL(SYS_timer_create),
#ifdef SYS_timer_settime
    CALL(SYS_timer_settime),
#endif
    IF(SYS_setitimer, 0, FILTER_EQUAL, ITIMER_REAL),
    IF(SYS_fcntl, 1, FILTER_EQUAL, F_SETLEASE),
    IF(SYS_fcntl, 1, FILTER_EQUAL, F_NOTIFY),
    /* F_SETFL with it, and others that have this bit by chance. */
    IF(SYS_fcntl, 2, FILTER_BITS, O_ASYNC),
    IF(SYS_ioctl, 1, FILTER_EQUAL, FIOASYNC),
    IF(SYS_fcntl, 1, FILTER_EQUAL, F_SETOWN),
    IF(SYS_fcntl, 1, FILTER_EQUAL, F_SETOWN_EX),
    IF(SYS_ioctl, 1, FILTER_EQUAL, FIOSETOWN),
    IF(SYS_ioctl, 1, FILTER_EQUAL, SIOCSPGRP),
    IF(SYS_ioctl, 1, FILTER_EQUAL, NEW_USERFAULTFD),
    {.call = SYS_setsockopt,
     .argument = 1,
     .test = FILTER_NOT_EQUAL,
     .value = SOL_SOCKET,
     .action = SECCOMP_RET_ALLOW},
    IF(SYS_setsockopt, 2, FILTER_EQUAL, RCVTIMEO_OLD),
    IF(SYS_setsockopt, 2, FILTER_EQUAL, SNDTIMEO_OLD),
    IF(SYS_setsockopt, 2, FILTER_EQUAL, RCVTIMEO_NEW),
    IF(SYS_setsockopt, 2, FILTER_EQUAL, SNDTIMEO_NEW),
};

#define ADD(filter, rules)                                                     \
    filter_add(filter, rules, sizeof(rules) / sizeof((rules)[0]))

bool witness_filter(struct filter *filter, bool making, bool work)
{
    filter_begin(filter, TELL);
    if (making)
        ADD(filter, making_rules);
    if (work)
        ADD(filter, work_rules);
    ADD(filter, sharing_rules);
    ADD(filter, common_rules);
    return filter_end(filter);
}

int witness_install(bool making, bool work)
{
    struct filter filter;
    struct sock_fprog program = {.filter = filter.code};
    unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;

    if (!witness_filter(&filter, making, work) ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        return -1;
    program.len = filter.length;
    int listener =
        (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                     flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    if (listener == -1 && errno == EINVAL)
        listener =
            (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    return listener;
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

static bool is_thread(const struct seccomp_notif *notice)
{
    return (clone_flags(notice) & CLONE_THREAD) != 0;
}

/* testimony->clone_shares. After vfork(2), the maker sleeps as long as the
 * memory is shared. */
static unsigned shares_of(const struct seccomp_notif *notice)
{
    if (notice->data.nr != SYS_clone && notice->data.nr != SYS_clone3)
        return 0;
    uint64_t flags = clone_flags(notice);
    if (flags & CLONE_THREAD)
        return 0;
    return (unsigned)flags &
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
    case SYS_clone:
    case SYS_clone3:
        return is_thread(notice) ? WORK_THREAD : 0;
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
    testimony->value = value_of(notice);
    testimony->work = work_of(notice);
    testimony->clone_shares = shares_of(notice);
    if (testimony->kind == HEARD_NUMBERS)
        numbers_of(call, testimony);
}

bool witness_hear(int listener, struct testimony *testimony)
{
    /* The kernel may know a longer struct than our headers: it wants a buffer
     * of its own size, all zero. */
    union {
        struct seccomp_notif notice;
        char bytes[1024];
    } buffer;

    memset(&buffer, 0, sizeof(buffer));
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &buffer.notice) == -1)
        return false;
    understand(&buffer.notice, testimony);
    return true;
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
