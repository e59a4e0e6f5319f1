/* SPDX-License-Identifier: MIT
 *
 * 66-pid-one-does-not-reap: as PID 1 it inherits children that it never made.
 *
 * Hazard:  3 server: a script ended with 0
 *          3 [script] exit 0
 *          3 [job] exit 42
 *          3 [job] adopted
 *          [server] idle in accept
 *          3 [server] zombie child
 * Safe:    3 server: a script ended with 0
 *          3 [script] exit 0
 *          3 [job] exit 42
 *          3 [job] adopted
 *          [server] idle in accept
 * Work:    socket
 *
 * It serves until you stop it. See 66-pid-one-does-not-reap.md, wait(2),
 * PR_SET_CHILD_SUBREAPER in prctl(2), pid_namespaces(7).
 */
#include "lab.h"

#include <sys/socket.h>
#include <sys/wait.h>

/* Like "job &" in a shell script: the script ends, the job goes on, an orphan,
 * until it is served. */
__attribute__((noreturn)) static void be_script(struct event *served)
{
    call_me("script");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("job");
        event_wait(served);
        _exit(42);
    }
    _exit(0);
}

/* Starts a script, and waits for it. */
static void run_script(struct event *served)
{
    int status;
    event_make(served);
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0)
        be_script(served);
    if (waitpid(pid, &status, 0) != pid)
        die("waitpid");
    show("server: a script ended with %d", WEXITSTATUS(status));
    event_announce(served);
}

__attribute__((noreturn)) static void serve(int listener)
{
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection == -1)
            die("accept");
        if (write(connection, "hello\n", 6) != 6)
            die("write");
        close(connection);
    }
}

/* FIX: as tini does: the program is a child, and PID 1 does nothing but reap,
 * any child, until the program ends. */
static void start_as_child(void)
{
    int status;
    pid_t pid = fork(), ended;

    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("server");
        return;
    }
    call_me("init");
    do
        ended = wait(&status);
    while (ended != pid);
    _exit(WEXITSTATUS(status));
}

int main(void)
{
    struct event served[3]; /* one for each script */
    struct sockaddr_in address;
    int listener = listen_here(&address);

    /* Orphans go to PID 1, or to a subreaper above them. If this program is not
     * PID 1 of a container, it plays one. */
    if (getpid() != 1 && prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
        die("prctl");

    start_as_child();
    for (int i = 0; i < 3; i++)
        run_script(&served[i]);
    say("server: waits for customers");
    serve(listener);
}
