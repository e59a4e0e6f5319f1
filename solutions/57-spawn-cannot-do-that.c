/* SPDX-License-Identifier: MIT
 *
 * 57-spawn-cannot-do-that: the parent changes itself, because spawn cannot
 * change the child.
 *
 * Hazard:  secret: everybody may read it
 *          0022
 *          [sh] exit 42
 * Safe:    secret: {n}
 *          0022
 *          [sh] exit 42
 * Work:    program:sh
 * Number:  private
 *
 * See 57-spawn-cannot-do-that.md, posix_spawn(3), umask(2).
 */
#include "lab.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct event started, made;
static pid_t main_tid, child;

static void *work(void *unused)
{
    /* FIX: a helper sets the umask, in the new process, and executes the
     * program. This process keeps its own as it is. */
    char *command[] = {"sh", "-c", "umask 022 && exec \"$@\"", "helper",
                       "sh", "-c", "umask; exit 42",           NULL};

    call_me("worker");
    say("worker: starts a program that needs 022");
    event_announce(&started);
    event_wait_or_futex(&made, main_tid);
    errno = posix_spawnp(&child, command[0], NULL, NULL, command, environ);
    if (errno != 0)
        die("posix_spawnp");
    return unused;
}

/* Relies on the umask that main has set when the program started. Shows what
 * the file's owner reads in it, if nobody else can. */
static void make_secret(const char *name, const char *text)
{
    struct stat secret;
    char found[16] = "";

    int fd = open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (fd == -1 || fstat(fd, &secret) == -1 || unlink(name) == -1)
        die("open");
    if (write(fd, text, strlen(text)) == -1 ||
        pread(fd, found, sizeof(found) - 1, 0) == -1)
        die("write");
    show("secret: %s",
         secret.st_mode & S_IROTH ? "everybody may read it" : found);
    close(fd);
}

int main(void)
{
    const char *directory = getenv("TMPDIR");
    const char *text = run_word("private");
    pthread_t worker;
    int status;

    if (chdir(directory ? directory : "/tmp") == -1)
        die("chdir");
    umask(077);
    main_tid = gettid();
    event_make(&started);
    event_make(&made);
    if (pthread_create(&worker, NULL, work, NULL) != 0)
        die("pthread_create");

    event_wait(&started);
    say("parent: makes a file for a secret");
    make_secret("secret.57", text);
    event_announce(&made);
    pthread_join(worker, NULL);
    if (waitpid(child, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}
