/* SPDX-License-Identifier: MIT
 *
 * 56-child-changes-my-variable: what vfork's child writes, its parent reads.
 *
 * Hazard:  child's verbosity is 2
 *          parent's verbosity is 2
 *          [child] exit 42
 * Safe:    child's verbosity is 2
 *          parent's verbosity is 1
 *          [child] exit 42
 *
 * See 56-child-changes-my-variable.md, vfork(2), fork(2), posix_spawn(3).
 */
#include "lab.h"

#include <sys/wait.h>
#include <unistd.h>

/* volatile: read from memory at each use. Else the compiler may remember 1. */
static volatile int verbosity = 1;

int main(void)
{
    int status;

    say("parent: makes a child");
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): the hazard */
    pid_t child = vfork();
    if (child == -1)
        die("vfork");
    if (child == 0) {
        /* UNSAFE: after vfork, only exec and _exit are allowed. The analyser
         * knows: NOLINTNEXTLINE(clang-analyzer-unix.Vfork) */
        verbosity = 2;
        say("child: wants to execute a talkative program");
        show("child's verbosity is %d", verbosity);
        _exit(42); /* here it would exec */
    }
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    show("parent's verbosity is %d", verbosity);
    return 0;
}
