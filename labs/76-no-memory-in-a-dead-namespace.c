/* SPDX-License-Identifier: MIT
 *
 * 76-no-memory-in-a-dead-namespace: the first command in the sandbox works, the
 * second one has no memory.
 *
 * Hazard:  job {n} is done in the sandbox
 *          memory for 16 MiB: yes
 *          job {n+1}: fork: ENOMEM
 *          [job] exit 42
 * Safe:    job {n} is done in the sandbox
 *          memory for 16 MiB: yes
 *          job {n+1} is done in the sandbox
 *          2 [job] exit 42
 *          (2 [init] exit 0)
 *          ([child] exit 0)
 *          ([child] killed by SIGKILL)
 * Number:  4711
 *
 * See 76-no-memory-in-a-dead-namespace.md, fork(2), unshare(2),
 * pid_namespaces(7).
 */
#include "lab.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A number that tells one PID namespace from another. */
static ino_t namespace(void)
{
    struct stat file;

    if (stat("/proc/self/ns/pid", &file) == -1)
        die("stat");
    return file.st_ino;
}

static ino_t outside;

__attribute__((noreturn)) static void work(int number)
{
    call_me("job");
    show("job %d is done %s", number,
         namespace() == outside ? "outside" : "in the sandbox");
    _exit(42);
}

static void run_job(int number)
{
    int status;
    pid_t pid = fork();

    if (pid == 0)
        work(number);
    if (pid == -1)
        show("job %d: fork: %s", number,
             errno == ENOMEM ? "ENOMEM" : "another error");
    else if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
}

static bool has_memory(size_t mib)
{
    return mmap(NULL, mib << 20, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
                0) != MAP_FAILED;
}

/* From now on, children get pids of their own and see no others. */
static void enter_sandbox(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID) == -1) {
        say("lab: no PID namespace of its own here: error %d (see errno(3))",
            errno);
        _exit(77);
    }
}

int main(void)
{
    int number = run_number(4711);

    outside = namespace();
    enter_sandbox();
    run_job(number);
    show("memory for 16 MiB: %s", has_memory(16) ? "yes" : "no");
    run_job(number + 1);
    return 0;
}
