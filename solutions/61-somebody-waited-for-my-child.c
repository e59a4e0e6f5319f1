/* SPDX-License-Identifier: MIT
 *
 * 61-somebody-waited-for-my-child: the job has failed, and a library knows it.
 *
 * Hazard:  parent: 0 letters are left
 *          [job] exit 1
 *          [helper] exit 42
 * Safe:    parent: {n} letters are left
 *          [job] exit 1
 *          [helper] exit 42
 * Number:  42
 *
 * See 61-somebody-waited-for-my-child.md, waitpid(2), sigaction(2).
 */
#include "lab.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A library, which has a process of its own: a helper, until it is told to
 * stop. When that ends, it must not stay a zombie. */
static pid_t helper;
static struct event stop;

static void reap(int number LAB_UNUSED)
{
    int saved = errno;

    /* FIX: whoever forks, waits: for this child, and for no other. The status
     * of a job is the program's. */
    waitpid(helper, NULL, WNOHANG);
    errno = saved;
}

static void start_helper(void)
{
    struct sigaction action = {.sa_handler = reap, .sa_flags = SA_RESTART};

    event_make(&stop);
    if (sigaction(SIGCHLD, &action, NULL) == -1)
        die("sigaction");
    helper = fork();
    if (helper == -1)
        die("fork");
    if (helper == 0) {
        call_me("helper");
        event_wait(&stop);
        _exit(42);
    }
}

/* The program: a job delivers the letters of a box. Returns its pid. */
static pid_t start_job(void)
{
    pid_t job = fork();

    if (job == -1)
        die("fork");
    if (job == 0) {
        call_me("job");
        if (open("/nowhere/mailbox", O_WRONLY | O_CLOEXEC) != -1)
            die("open");
        say("job: cannot deliver anything: error %d", errno);
        _exit(1);
    }
    return job;
}

int main(void)
{
    int status = 0, box = memfd_create("letters", MFD_CLOEXEC);
    struct stat left;
    siginfo_t info;

    if (box == -1 || ftruncate(box, run_number(42)) == -1)
        die("memfd_create");
    start_helper();
    pid_t job = start_job();

    /* Scaffolding: the program does something else until the job has ended. */
    waitid(P_PID, (id_t)job, &info, WEXITED | WNOWAIT);
    if (waitpid(job, &status, 0) == -1)
        say("parent: waitpid: error %d", errno);
    say_end("job", status);
    if (status == 0 && ftruncate(box, 0) == -1) /* delivered: they can go */
        die("ftruncate");
    if (fstat(box, &left) == -1)
        die("fstat");
    show("parent: %d letters are left", (int)left.st_size);

    event_announce(&stop);
    waitpid(helper, NULL, 0);
    return 0;
}
