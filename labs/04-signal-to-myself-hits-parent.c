/* SPDX-License-Identifier: MIT
 *
 * 04-signal-to-myself-hits-parent: the child ends itself, and hits the parent.
 *
 * Hazard:  [parent] killed by SIGTERM
 *          [child] hang in pause
 * Safe:    parent: signal 15 ended the child
 *          [child] killed by SIGTERM
 *
 * See 04-signal-to-myself-hits-parent.md, fork(2), getpid(2), kill(2),
 * raise(3).
 */
#include "lab.h"

#include <signal.h>
#include <sys/wait.h>

static pid_t my_pid; /* asked once, at the start */

/* As shells do, and servers: clean up, then end by the same signal, so that
 * whoever waits sees by which. */
__attribute__((noreturn)) static void end_by_signal(int number)
{
    if (signal(number, SIG_DFL) == SIG_ERR)
        die("signal");
    if (kill(my_pid, number) == -1)
        die("kill");
    for (;;)
        pause(); /* the signal is on its way */
}

int main(void)
{
    int status;

    my_pid = getpid();

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: ends itself by SIGTERM");
        end_by_signal(SIGTERM);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    if (WIFSIGNALED(status))
        show("parent: signal %d ended the child", WTERMSIG(status));
    return 0;
}
