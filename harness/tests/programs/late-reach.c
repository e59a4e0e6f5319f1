/* SPDX-License-Identifier: MIT
 *
 * late-reach MODE: a child that looks stuck for good, until its parent, which
 * sleeps for 3 s, reaches into it: it writes to its memory, traces it, or takes
 * a descriptor from it. Each mode ends with status 0, or with 77 where the
 * machine refuses it. `late-reach list` prints the modes.
 */
#include "lab.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "linux/syscalls.h"
#include "tests/programs/modes.h"

#define REFUSED 77

static uint32_t word;
static uint32_t *common_word;
static int ends[2];

static long futex(uint32_t *address, int operation, unsigned long more,
                  uint32_t *second)
{
    return syscall(SYS_futex, address, operation, 0, more, second, 0);
}

static void wait_for_word(void)
{
    while (*(volatile uint32_t *)&word == 0)
        futex(&word, FUTEX_WAIT_PRIVATE, 0, NULL);
}

static void read_byte(void)
{
    char byte;

    if (pipe(ends) == -1 || read(ends[0], &byte, 1) != 1)
        _exit(1);
}

static pid_t start(void (*work)(void))
{
    pid_t child = fork();

    if (child == -1)
        die("fork");
    if (child == 0) {
        work();
        _exit(0);
    }
    sleep(3);
    return child;
}

static void wait_for(pid_t child)
{
    int status = 1;

    waitpid(child, &status, 0);
    _exit(status == 0 ? 0 : 1);
}

static void refused(pid_t child)
{
    kill(child, SIGKILL);
    _exit(REFUSED);
}

static void stop_and_continue(pid_t child)
{
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    kill(child, SIGCONT);
}

/* It looks at the word again when it is continued. */
static void write_memory(void)
{
    uint32_t one = 1;
    struct iovec from = {&one, sizeof(one)}, to = {&word, sizeof(word)};
    pid_t child = start(wait_for_word);

    if (process_vm_writev(child, &from, 1, &to, 1, 0) == -1)
        refused(child);
    stop_and_continue(child);
    wait_for(child);
}

static void write_mem_file(void)
{
    uint32_t one = 1;
    char path[64];
    pid_t child = start(wait_for_word);

    snprintf(path, sizeof(path), "/proc/%d/mem", (int)child);
    int fd = open(path, O_RDWR);
    if (pwrite(fd, &one, sizeof(one), (off_t)(uintptr_t)&word) == -1)
        refused(child);
    stop_and_continue(child);
    wait_for(child);
}

static void trace_and_poke(void)
{
    pid_t child = start(wait_for_word);

    if (ptrace(PTRACE_ATTACH, child, NULL, NULL) == -1)
        refused(child);
    waitpid(child, NULL, 0);
    ptrace(PTRACE_POKEDATA, child, &word, 1L);
    ptrace(PTRACE_DETACH, child, NULL, NULL);
    wait_for(child);
}

static void write_to(pid_t child, int end)
{
    if (write(end, "!", 1) != 1)
        refused(child);
    wait_for(child);
}

static void open_fd_file(void)
{
    char path[64];
    pid_t child = start(read_byte);

    snprintf(path, sizeof(path), "/proc/%d/fd/4", (int)child);
    write_to(child, open(path, O_WRONLY));
}

static void take_fd(void)
{
    pid_t child = start(read_byte);
    int process = (int)syscall(SYS_pidfd_open, child, 0);

    write_to(child, (int)syscall(SYS_pidfd_getfd, process, 4, 0));
}

/* The word that it waits for is another one in the meantime. */
static void *move_to_common(void *unused)
{
    usleep(300000);
    futex(&word, FUTEX_REQUEUE, 10, common_word);
    return unused;
}

static void be_moved(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, move_to_common, NULL);
    futex(&word, FUTEX_WAIT, 0, NULL);
}

static void requeue(void)
{
    common_word = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = start(be_moved);
    syscall(SYS_futex, common_word, FUTEX_WAKE, 1, NULL, NULL, 0);
    wait_for(child);
}

static const struct mode modes[] = {
    {"write-memory", write_memory}, {"write-mem-file", write_mem_file},
    {"ptrace", trace_and_poke},     {"open-fd-file", open_fd_file},
    {"pidfd-getfd", take_fd},       {"requeue", requeue},
};

int main(int argc, char **argv)
{
    (void)argc;
    return RUN_MODE(argv, modes);
}
