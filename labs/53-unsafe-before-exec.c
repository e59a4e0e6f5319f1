/* SPDX-License-Identifier: MIT
 *
 * 53-unsafe-before-exec: one line before exec, and the program never starts.
 *
 * Hazard:  [child] hang in setenv
 * Safe:    verbose: {n}
 *          parent: the program ended with 42
 *          [sh] exit 42
 * Work:    thread, program:sh
 * Number:  1
 * Hazard (musl):  none
 *
 * See 53-unsafe-before-exec.md, setenv(3), execve(2), signal-safety(7).
 */
#include "lab.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

static char command[] = "echo verbose: $VERBOSE; exit 42";
static char verbose[32]; /* "VERBOSE=1" */

/* The environment is in an unreadable page: a thread that reads it, inside
 * setenv(), waits in freeze(), the handler of SIGSEGV.
 *
 *   worker   setenv(): locks, reads the page: freeze() ....... thaw(), unlocks
 *   parent                           fork()
 *   child                            thaw(), setenv(): waits for that lock
 */
static char **table;
static long page;

static struct event inside, forked;
static pid_t main_tid;

static void thaw(void)
{
    if (mprotect(table, (size_t)page, PROT_READ | PROT_WRITE) == -1)
        die("mprotect");
}

static void freeze(int unused LAB_UNUSED)
{
    event_announce(&inside);
    event_wait_or_futex(&forked, main_tid);
    thaw();
}

static void set_stage(void)
{
    struct sigaction action = {.sa_handler = freeze};

    page = sysconf(_SC_PAGESIZE);
    table = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED || sigaction(SIGSEGV, &action, NULL) == -1)
        die("mmap");
    table[0] = "PATH=/usr/bin:/bin";
    environ = table;
    if (mprotect(table, (size_t)page, PROT_NONE) == -1)
        die("mprotect");
}

static void *work(void *unused)
{
    call_me("worker");
    say("worker: sets a variable");
    setenv("REQUEST", "17", 1);
    say("worker: has set it");
    return unused;
}

int main(void)
{
    pthread_t worker;
    int status;

    main_tid = gettid();
    event_make(&inside);
    event_make(&forked);
    snprintf(verbose, sizeof(verbose), "VERBOSE=%s", run_word("1"));
    set_stage();
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");

    event_wait(&inside);
    say("parent: starts a program");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        thaw(); /* the child's copy of the page */
        say("child: wants to execute it");
        event_announce(&forked);
        setenv("VERBOSE", strchr(verbose, '=') + 1, 1);
        execl("/bin/sh", "sh", "-c", command, NULL);
        die("execl");
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    show("parent: the program ended with %d", WEXITSTATUS(status));
    pthread_join(worker, NULL);
    return 0;
}
