/* SPDX-License-Identifier: MIT
 *
 * 44-handlers-that-never-ran: a fork that goes past the fork handlers.
 *
 * Hazard:  different tokens: {n}
 *          [child] exit 42
 * Safe:    different tokens: {2*n}
 *          [child] exit 42
 * Number:  1
 *
 * See 44-handlers-that-never-ran.md, pthread_atfork(3), clone(2), fork(2).
 */
#include "lab.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t state;

static void seed(void)
{
    if (getrandom(&state, sizeof(state), 0) != sizeof(state))
        die("getrandom");
}

static void seed_again(void)
{
    say("child: handler runs, seeds again");
    seed();
}

/* A library handles fork by itself: its callers need not know. */
static void start_library(void)
{
    seed();
    if (pthread_atfork(NULL, NULL, seed_again) != 0)
        die("pthread_atfork");
}

static uint64_t next_token(void)
{
    state = state * 6364136223846793005 + 1442695040888963407;
    return state;
}

int main(void)
{
    int fd[2], status, n = run_number(1), different = 0;

    start_library();
    if (pipe(fd) == -1)
        die("pipe");
    say("parent: forks");
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == -1)
        die("clone");
    if (child == 0) {
        say("child: takes a token");
        for (int i = 0; i < n; i++) {
            uint64_t token = next_token();
            if (write(fd[1], &token, sizeof(token)) != sizeof(token))
                die("write");
        }
        _exit(42);
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);

    say("parent: takes a token");
    for (int i = 0; i < n; i++) {
        uint64_t token = next_token(), childs_token;
        if (read(fd[0], &childs_token, sizeof(token)) != sizeof(token))
            die("read");
        different += token == childs_token ? 1 : 2;
    }
    show("different tokens: %d", different);
    return 0;
}
