/* SPDX-License-Identifier: MIT
 *
 * 51-leaked-in-between: close-on-exec is set, but a moment too late.
 *
 * Hazard:  helper read {n}
 *          [helper] exit 42
 *          [helper] descriptor leaked
 *          keeper has {n}, close-on-exec is 1
 * Safe:    helper found nothing
 *          [helper] exit 42
 *          keeper has {n}, close-on-exec is 1
 * Work:    thread, program
 * Number:  swordfish
 *
 * See 51-leaked-in-between.md, fork(2), execve(2), open(2), fcntl(2),
 * mkostemp(3).
 */
#include "lab.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static struct event opened, helped;

/* A thread that has a secret, and takes care of it. */
static void *keep(void *main_tid)
{
    char name[] = "/tmp/secret-XXXXXX", text[] = "?????????";
    const char *secret = run_word("swordfish");

    call_me("keeper");
    /* FIX: the descriptor is born with the flag. There is no moment in between
     * at which another thread could fork. */
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd == -1 || unlink(name) == -1 || write(fd, secret, 9) != 9)
        die("mkstemp");
    say("keeper: has written a secret");
    event_announce(&opened);
    event_wait_or_futex(&helped, *(pid_t *)main_tid);
    if (pread(fd, text, 9, 0) != 9)
        die("pread");
    show("keeper has %s, close-on-exec is %d", text, fcntl(fd, F_GETFD));
    return NULL;
}

/* The helper, which is another program: looks at all that it was given. */
static void help(void)
{
    const char *secret = run_word("swordfish");
    char text[] = "?????????";

    call_me("helper");
    for (int fd = STDERR_FILENO + 1; fd < 100; fd++)
        if (pread(fd, text, 9, 0) == 9 && strcmp(text, secret) == 0) {
            show("helper read %s", text);
            _exit(42);
        }
    show("helper found nothing");
    _exit(42);
}

int main(int argc, char *argv[])
{
    pthread_t keeper;
    pid_t main_tid = gettid();
    int status;

    if (argc > 0 && strcmp(argv[0], "helper") == 0)
        help();
    event_make(&opened);
    event_make(&helped);
    if (pthread_create(&keeper, NULL, keep, &main_tid) != 0)
        die("pthread_create");

    event_wait(&opened);
    say("parent: starts a helper");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        execl("/proc/self/exe", "helper", (char *)NULL);
        die("exec");
    }
    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("helper", status);
    event_announce(&helped);
    pthread_join(keeper, NULL);
    return 0;
}
