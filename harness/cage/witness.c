/* SPDX-License-Identifier: MIT
 *
 * witness: see witness.h. The filter is classic BPF, seccomp(2): a list of
 * comparisons on the number of the call and the low halves of its arguments.
 */
#define _GNU_SOURCE
#include "cage/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "oracle/labs.h"
#include "linux/remote.h"
#include "linux/syscalls.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#else
#define NATIVE_ARCH 0 /* unknown: the filter then never matches */
#endif

/* Linux 5.19: a signal does not disturb a call that we have heard of. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* The two numbers of each option: before and since 64-bit time on 32-bit
 * machines, asm-generic/socket.h. */
enum { RCVTIMEO_OLD = 20, SNDTIMEO_OLD = 21, RCVTIMEO_NEW = 66, SNDTIMEO_NEW };

/* x32, asm/unistd.h: the same architecture, other numbers. */
#define X32_CALLS 0x40000000U

#define FIELD(name) ((unsigned)offsetof(struct seccomp_data, name))
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define IF_EQUAL(value, yes, no)                                               \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
#define TELL RETURN(SECCOMP_RET_USER_NOTIF)
#define ALLOW RETURN(SECCOMP_RET_ALLOW)

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

#define IF_CALL(number) IF_EQUAL(number, 0, 1), TELL
/* A call with that bit among its flags. */
#define IF_FLAG(number, argument, flag)                                        \
    IF_EQUAL(number, 0, 4), LOAD(FIELD(args[argument]) + LOW_HALF),            \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flag, 0, 1), TELL, ALLOW

static const struct sock_filter first_part[] = {
    LOAD(FIELD(arch)),
    IF_EQUAL(NATIVE_ARCH, 1, 0),
    RETURN(NATIVE_ARCH ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW),
    LOAD(FIELD(nr)),
#ifdef __x86_64__
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1),
    TELL,
#endif
};

/* What is made: see plain.c. */
static const struct sock_filter making_part[] = {
    IF_CALL(SYS_clone),
    IF_CALL(SYS_clone3),
    IF_CALL(SYS_openat2),
    IF_CALL(SYS_mkdirat),
    IF_CALL(SYS_mknodat),
    IF_CALL(SYS_symlinkat),
    IF_CALL(SYS_linkat),
    IF_CALL(SYS_renameat2),
    IF_CALL(SYS_bind),
    IF_CALL(SYS_mq_open),
    IF_CALL(SYS_shmget),
    IF_CALL(SYS_semget),
    IF_CALL(SYS_msgget),
#ifdef SYS_renameat
    IF_CALL(SYS_renameat),
#endif
#ifdef SYS_fork
    IF_CALL(SYS_fork),
    IF_CALL(SYS_vfork),
#endif
#ifdef SYS_open
    IF_CALL(SYS_creat),
    IF_CALL(SYS_mkdir),
    IF_CALL(SYS_mknod),
    IF_CALL(SYS_symlink),
    IF_CALL(SYS_link),
    IF_CALL(SYS_rename),
    IF_FLAG(SYS_open, 1, O_CREAT),
#endif
    IF_FLAG(SYS_openat, 2, O_CREAT),
};

/* What a lab may have to do: its Work: line, labs.h. */
static const struct sock_filter work_part[] = {
    IF_CALL(SYS_clone),    IF_CALL(SYS_clone3), IF_CALL(SYS_socketpair),
    IF_CALL(SYS_pipe2),    IF_CALL(SYS_bind),   IF_CALL(SYS_execve),
    IF_CALL(SYS_execveat),
#ifdef SYS_pipe
    IF_CALL(SYS_pipe),
#endif
};

static const struct sock_filter last_part[] = {
    IF_CALL(SYS_exit_group),
    IF_CALL(SYS_io_uring_setup),
    IF_CALL(SYS_io_setup),
    IF_CALL(SYS_userfaultfd),
    IF_FLAG(SYS_unshare, 0, CLONE_FILES),
    IF_CALL(SYS_kill),
    IF_CALL(SYS_tkill),
    IF_CALL(SYS_tgkill),
    IF_CALL(SYS_rt_sigqueueinfo),
    IF_CALL(SYS_rt_tgsigqueueinfo),
    IF_CALL(SYS_pidfd_send_signal),
#ifdef SYS_alarm
    IF_CALL(SYS_alarm),
#endif
    IF_CALL(SYS_timer_create),
    IF_EQUAL(SYS_setitimer, 0, 4),
    LOAD(FIELD(args[0]) + LOW_HALF),
    IF_EQUAL(ITIMER_REAL, 0, 1),
    TELL,
    ALLOW,
    IF_EQUAL(SYS_fcntl, 0, 5),
    LOAD(FIELD(args[1]) + LOW_HALF),
    IF_EQUAL(F_SETLEASE, 1, 0),
    IF_EQUAL(F_NOTIFY, 0, 1),
    TELL,
    ALLOW,
    IF_EQUAL(SYS_setsockopt, 1, 0),
    ALLOW,
    LOAD(FIELD(args[1]) + LOW_HALF),
    IF_EQUAL(SOL_SOCKET, 1, 0),
    ALLOW,
    LOAD(FIELD(args[2]) + LOW_HALF),
    IF_EQUAL(RCVTIMEO_OLD, 4, 0),
    IF_EQUAL(SNDTIMEO_OLD, 3, 0),
    IF_EQUAL(RCVTIMEO_NEW, 2, 0),
    IF_EQUAL(SNDTIMEO_NEW, 1, 0),
    ALLOW,
    TELL,
};

static void append(struct sock_fprog *program, const struct sock_filter *part,
                   size_t size)
{
    memcpy(program->filter + program->len, part, size);
    program->len += (unsigned short)(size / sizeof(*part));
}

int witness_install(bool making, bool work)
{
    struct sock_filter filter[(sizeof(first_part) + sizeof(making_part) +
                               sizeof(work_part) + sizeof(last_part)) /
                              sizeof(first_part[0])];
    struct sock_fprog program = {.filter = filter};
    unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;

    append(&program, first_part, sizeof(first_part));
    if (making)
        append(&program, making_part, sizeof(making_part));
    if (work)
        append(&program, work_part, sizeof(work_part));
    append(&program, last_part, sizeof(last_part));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        return -1;
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

/* An address that cannot be read counts as a timer for ever: the safe side. So
 * does a time that the kernel will refuse, and the old one goes on. */
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

static bool is_thread(const struct seccomp_notif *notice)
{
    uint64_t flags = notice->data.args[0];

    if (notice->data.nr == SYS_clone3 &&
        !remote_read((pid_t)notice->pid, notice->data.args[0], &flags,
                     sizeof(flags)))
        return false;
    return (flags & CLONE_THREAD) != 0;
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

static void understand(const struct seccomp_notif *notice,
                       struct testimony *testimony)
{
    const struct seccomp_data *call = &notice->data;

    testimony->tid = (pid_t)notice->pid;
    testimony->id = notice->id;
    testimony->value = 1;
    testimony->call = call->nr;
    testimony->work = 0;
    memcpy(testimony->args, call->args, sizeof(testimony->args));
    if (call->arch != NATIVE_ARCH || (unsigned)call->nr >= X32_CALLS) {
        testimony->kind = HEARD_STRANGE;
        return;
    }
    testimony->work = work_of(notice);
    switch (call->nr) {
    case SYS_exit_group:
        testimony->kind = HEARD_EXIT;
        testimony->value = (int)(call->args[0] & 0xff);
        break;
    case SYS_io_uring_setup:
    case SYS_io_setup:
    case SYS_userfaultfd:
    case SYS_unshare:
        testimony->kind = HEARD_STRANGE;
        break;
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo:
    case SYS_pidfd_send_signal:
        testimony->kind = HEARD_KILL;
        testimony->value =
            call->nr == SYS_pidfd_send_signal ? 0 : (int)call->args[0];
        break;
#ifdef SYS_alarm
    case SYS_alarm:
        testimony->kind = HEARD_ALARM;
        testimony->value = milliseconds((unsigned)call->args[0], 0);
        break;
#endif
    case SYS_setitimer:
        testimony->kind = HEARD_ALARM;
        testimony->value = timer_value(testimony->tid, call->args[1]);
        break;
    case SYS_timer_create:
    case SYS_fcntl:
        testimony->kind = HEARD_TIMER;
        break;
    case SYS_setsockopt:
        testimony->kind = HEARD_TIMEOUT;
        break;
#ifdef SYS_pipe
    case SYS_pipe:
#endif
    case SYS_pipe2:
    case SYS_socketpair:
    case SYS_execve:
    case SYS_execveat:
        testimony->kind = HEARD_WORK;
        break;
    default:
        testimony->kind = HEARD_MAKING;
        break;
    }
}

bool witness_hear(int listener, struct testimony *testimony)
{
    /* The kernel may know a longer struct than our headers: it wants a buffer
     * of its own size, all zero. */
    union {
        struct seccomp_notif notice;
        char room[1024];
    } buffer;

    memset(&buffer, 0, sizeof(buffer));
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &buffer.notice) == -1)
        return false;
    understand(&buffer.notice, testimony);
    return true;
}

void witness_release(int listener, const struct testimony *testimony,
                     struct answer answer)
{
    union {
        struct seccomp_notif_resp answer;
        char room[1024];
    } buffer;

    memset(&buffer, 0, sizeof(buffer));
    buffer.answer.id = testimony->id;
    if (answer.proceed)
        buffer.answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else if (answer.error != 0)
        buffer.answer.error = -answer.error;
    else
        buffer.answer.val = answer.value;
    /* ENOENT: the thread was killed while it waited. Nothing is lost. */
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &buffer.answer);
}
