/* SPDX-License-Identifier: MIT
 *
 * rules: which system calls the witness hears, see witness.h. What it makes of
 * them is in witness.c.
 */
#define _GNU_SOURCE
#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "cage/filter.h"
#include "cage/witness.h"
#include "linux/syscalls.h"

/* linux/io_uring.h: a ring that a thread uses without any descriptor. */
#define REGISTER_RING 20U

/* The two numbers of each option: before and since 64-bit time on 32-bit
 * machines, asm-generic/socket.h. */
enum { RCVTIMEO_OLD = 20, SNDTIMEO_OLD = 21, RCVTIMEO_NEW = 66, SNDTIMEO_NEW };

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

/* What changes which file a number means, or where memory is. */
static const struct filter_rule number_rules[] = {
    CALL(SYS_mremap),
    ALLOW_IF(SYS_close, 0, FILTER_BITS, ~(MAX_DESCRIPTORS - 1)),
    CALL(SYS_close),
    CALL(SYS_dup3),
    CALL(SYS_close_range),
#ifdef SYS_dup2
    CALL(SYS_dup2),
#endif
};

/* What else changes the meaning of what /proc shows of a thread that sleeps.
 * The flags of clone3(2) are in memory. */
static const struct filter_rule sharing_rules[] = {
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
    CALL(SYS_io_destroy),
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
    IF(SYS_prctl, 0, FILTER_EQUAL, PR_SET_CHILD_SUBREAPER),
    IF(SYS_prctl, 0, FILTER_EQUAL, PR_SET_PDEATHSIG),
    IF(SYS_prctl, 0, FILTER_EQUAL, PR_SET_MM),
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

bool witness_filter(struct filter *filter, struct witness_rules rules)
{
    filter_begin(filter, TELL);
    if (rules.making)
        ADD(filter, making_rules);
    if (rules.work)
        ADD(filter, work_rules);
    if (rules.numbers)
        ADD(filter, number_rules);
    ADD(filter, sharing_rules);
    ADD(filter, common_rules);
    return filter_end(filter);
}
