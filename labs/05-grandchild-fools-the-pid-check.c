/* SPDX-License-Identifier: MIT
 *
 * 05-grandchild-fools-the-pid-check: the same pid again, the same secret again.
 *
 * Hazard:  pid {n} came twice, different secrets: 1
 *          [init] exit 0
 *          [server] exit 42
 *          [worker] exit 42
 *          [grandchild] exit 42
 * Safe:    pid {n} came twice, different secrets: 2
 *          [init] exit 0
 *          [server] exit 42
 *          [worker] exit 42
 *          [grandchild] exit 42
 * Work:    pipe
 * Number:  4711
 *
 * See 05-grandchild-fools-the-pid-check.md, fork(2), getpid(2), madvise(2).
 */
#include "lab.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>

#include "pids.h"

static struct generator {
    pid_t owner; /* whose seed it is: all numbers follow from that */
    uint64_t state;
} * generator;

static struct event gone;
static int secrets[2]; /* a pipe */

static uint64_t random_number(void)
{
    if (generator->owner != getpid()) { /* the first time, and after fork() */
        if (getrandom(&generator->state, sizeof(generator->state), 0) == -1)
            die("getrandom");
        generator->owner = getpid();
    }
    return generator->state = generator->state * 6364136223846793005U + 1;
}

__attribute__((noreturn)) static void make_secret(const char *who)
{
    uint64_t made[2] = {(uint64_t)getpid(), random_number()};

    call_me(who);
    say("%s: pid %d, makes a secret", who, getpid());
    if (write(secrets[1], made, sizeof(made)) != sizeof(made))
        die("write");
    _exit(42);
}

/* Needs no random number itself; a process that it starts later does. */
__attribute__((noreturn)) static void work(pid_t number)
{
    call_me("worker");
    event_wait(&gone);
    if (fork_as(number) == 0)
        make_secret("grandchild");
    _exit(wait(NULL) == -1 ? 1 : 42);
}

static void serve(pid_t number)
{
    random_number();
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        work(number);
    make_secret("server");
}

int main(void)
{
    int number = run_number(4711);
    uint64_t made[4];

    generator = mmap(NULL, sizeof(*generator), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (generator == MAP_FAILED || pipe2(secrets, O_CLOEXEC) == -1)
        die("mmap, pipe2");
    event_make(&gone);
    own_pids();
    if (fork_as(number) == 0)
        serve(number);
    wait(NULL); /* the server has ended: its pid is free */
    event_announce(&gone);
    wait(NULL); /* the worker: it is our child by now */
    if (read(secrets[0], made, sizeof(made)) == sizeof(made) &&
        made[0] == made[2])
        show("pid %d came twice, different secrets: %d", (int)made[0],
             1 + (made[1] != made[3]));
    return 0;
}
