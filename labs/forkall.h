/* SPDX-License-Identifier: MIT
 *
 * forkall.h: the forkall(2) of Solaris, emulated: a fork that takes all threads
 * along.
 *
 *   pid_t pid = forkall();     as fork(), and in the child each of the other
 *                              threads goes on where it was
 *
 * Linux copies one thread, so the others are made anew. Each is stopped by a
 * signal; the kernel then writes its registers onto its stack. fork copies that
 * stack. In the child a new thread is started for each stack with sigreturn(2)
 * as its first system call, which takes the registers back from there: in the
 * middle of what the thread did when the signal came.
 *
 * For x86-64 and arm64, glibc and musl. What it leaves out:
 * 45-everything-written-twice.md.
 */
#ifndef FORKLAB_FORKALL_H
#define FORKLAB_FORKALL_H

#include "lab.h"

#if defined(__x86_64__) || defined(__aarch64__)

#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>

#define FORKALL_MOST 16
#define FORKALL_PROCESS (SIGCHLD | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)
#define FORKALL_THREAD                                                         \
    ((long)(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
            CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |               \
            CLONE_CHILD_CLEARTID))

/* What a copy of a thread is made from; each thread fills in its own. */
struct forkall_thread {
    void *frame;            /* its registers, as the kernel saved them */
    void *tls;              /* its thread-local storage */
    pid_t *tid, *clear_tid; /* where libc, and the kernel, keep its number */
    char name[16];
};

static struct forkall_thread forkall_threads[FORKALL_MOST];
static volatile int forkall_count;
static sem_t forkall_stopped, forkall_go_on;

#if defined(__x86_64__)
/* clone(2) for a thread that starts with frame as its stack, and with
 * sigreturn, which takes the registers back from there before anything else is
 * done. */
static long forkall_clone(void *frame, pid_t *tid, pid_t *clear, void *storage)
{
    register pid_t *clear_tid __asm__("r10") = clear;
    register void *tls __asm__("r8") = storage;
    long result;

    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "mov %[sigreturn], %%eax\n\t"
                     "syscall\n\t"
                     "1:"
                     : "=a"(result)
                     : "a"((long)SYS_clone), "D"(FORKALL_THREAD), "S"(frame),
                       "d"(tid), "r"(clear_tid),
                       "r"(tls), [sigreturn] "i"(SYS_rt_sigreturn)
                     : "rcx", "r11", "cc", "memory");
    return result;
}

static void *forkall_tls(void)
{
    return (void *)pthread_self();
}

/* What sigreturn takes back: rt_sigframe, without its return address. */
static void *forkall_frame(siginfo_t *info LAB_UNUSED, void *registers)
{
    return registers;
}

/* The last two arguments are in another order on each kind of processor. */
static pid_t forkall_fork(pid_t *tid)
{
    return (pid_t)syscall(SYS_clone, FORKALL_PROCESS, NULL, NULL, tid, NULL);
}
#else
static long forkall_clone(void *frame, pid_t *tid, pid_t *clear, void *storage)
{
    register long call __asm__("x8") = SYS_clone;
    register long result __asm__("x0") = FORKALL_THREAD;
    register void *stack __asm__("x1") = frame;
    register pid_t *set_tid __asm__("x2") = tid;
    register void *tls __asm__("x3") = storage;
    register pid_t *clear_tid __asm__("x4") = clear;

    __asm__ volatile("svc #0\n\t"
                     "cbnz x0, 1f\n\t"
                     "mov x8, %[sigreturn]\n\t"
                     "svc #0\n\t"
                     "1:"
                     : "+r"(result), "+r"(call)
                     : "r"(stack), "r"(set_tid), "r"(tls),
                       "r"(clear_tid), [sigreturn] "i"(SYS_rt_sigreturn)
                     : "cc", "memory");
    return result;
}

static void *forkall_tls(void)
{
    return __builtin_thread_pointer();
}

/* rt_sigframe begins with the siginfo. */
static void *forkall_frame(siginfo_t *info, void *registers LAB_UNUSED)
{
    return info;
}

static pid_t forkall_fork(pid_t *tid)
{
    return (pid_t)syscall(SYS_clone, FORKALL_PROCESS, NULL, NULL, NULL, tid);
}
#endif

/* Where libc keeps the calling thread's number. glibc has the kernel clear that
 * place when the thread ends; musl has another one cleared (a lock of its own),
 * and the number is found by its value. */
static pid_t *forkall_tid_of(pid_t *clear_tid)
{
    pid_t *place = clear_tid;

    if (*place != gettid())
        place = (pid_t *)pthread_self();
    while (*place != gettid())
        place++;
    return place;
}

/* In each of the other threads. What follows sem_wait() runs in the
 * parent only: in the child, registers says where the thread goes on. */
static void forkall_stop(int unused LAB_UNUSED, siginfo_t *info,
                         void *registers)
{
    struct forkall_thread *thread = &forkall_threads[forkall_count];
    int error = errno;

    thread->frame = forkall_frame(info, registers);
    thread->tls = forkall_tls();
    if (prctl(PR_GET_TID_ADDRESS, &thread->clear_tid) == -1 ||
        prctl(PR_GET_NAME, thread->name) == -1)
        die("prctl");
    thread->tid = forkall_tid_of(thread->clear_tid);
    sem_post(&forkall_stopped);
    sem_wait(&forkall_go_on);
    sem_post(&forkall_stopped);
    errno = error;
}

/* Stops all other threads of the process, one after the other. The list is read
 * without opendir(), which allocates: a thread may have been stopped in malloc.
 * A thread that is started meanwhile would be missed, one that ends meanwhile
 * waited for. */
static void forkall_stop_others(void)
{
    char list[4096];
    int fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long size = fd == -1 ? -1 : syscall(SYS_getdents64, fd, list, sizeof(list));

    if (size == -1)
        die("getdents64");
    close(fd);
    for (long at = 0; at < size;) {
        struct dirent *entry = (struct dirent *)(void *)(list + at);
        pid_t tid = atoi(entry->d_name);
        at += entry->d_reclen;
        if (tid == 0 || tid == gettid())
            continue;
        if (forkall_count == FORKALL_MOST)
            die("forkall: too many threads:");
        if (syscall(SYS_tgkill, getpid(), tid, SIGUSR1) == -1)
            die("tgkill");
        sem_wait(&forkall_stopped);
        forkall_count++;
    }
}

/* In the child: makes the thread again, with its old name. */
static void forkall_make_again(const struct forkall_thread *thread)
{
    prctl(PR_SET_NAME, thread->name); /* the new thread takes it over */
    long tid = forkall_clone(thread->frame, thread->tid, thread->clear_tid,
                             thread->tls);
    if (tid < 0) {
        errno = (int)-tid;
        die("clone");
    }
}

/* fork() itself would not do: libc's child forgets the other threads, and gives
 * their stacks away. So the kernel is asked, and told where the number of this
 * thread stands, which is another one in the child. */
static pid_t forkall_copy(void)
{
    pid_t *clear_tid;

    if (prctl(PR_GET_TID_ADDRESS, &clear_tid) == -1)
        die("prctl");
    return forkall_fork(forkall_tid_of(clear_tid));
}

static pid_t forkall(void)
{
    struct sigaction action = {.sa_sigaction = forkall_stop,
                               .sa_flags = SA_SIGINFO | SA_RESTART};
    char name[16];

    forkall_count = 0;
    sigfillset(&action.sa_mask);
    if (sem_init(&forkall_stopped, 0, 0) == -1 ||
        sem_init(&forkall_go_on, 0, 0) == -1 ||
        sigaction(SIGUSR1, &action, NULL) == -1 ||
        prctl(PR_GET_NAME, name) == -1)
        die("forkall");
    forkall_stop_others();
    pid_t pid = forkall_copy();
    if (pid == 0) {
        for (int i = 0; i < forkall_count; i++)
            forkall_make_again(&forkall_threads[i]);
        prctl(PR_SET_NAME, name);
        return 0;
    }
    for (int i = 0; i < forkall_count; i++)
        sem_post(&forkall_go_on);
    for (int i = 0; i < forkall_count; i++)
        sem_wait(&forkall_stopped);
    return pid;
}

#else

static pid_t forkall(void)
{
    say("this emulation of forkall is written for x86-64 and arm64");
    _exit(77);
}

#endif
#endif
