/* SPDX-License-Identifier: MIT
 *
 * 02-child-deletes-parents-file: a worker leaves, and the server's file is
 * gone.
 *
 * Hazard:  removed 02.pid
 *          server: 02.pid: No such file or directory
 *          [worker] exit 42
 * Safe:    server: 02.pid has {n}
 *          removed 02.pid
 *          [worker] exit 42
 * Number:  4711
 *
 * See 02-child-deletes-parents-file.md, fork(2), atexit(3), exit(3), _exit(2).
 */
#include "lab.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>

static const char path[] = "02.pid"; /* in the directory where it runs */

/* What the server does at its end. Nobody else may find the file after it. */
static void remove_file(void)
{
    if (unlink(path) == 0)
        show("removed %s", path);
}

static void make_file(const char *text)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

    if (fd == -1 || write(fd, text, strlen(text)) == -1)
        die("open, write");
    close(fd);
    say("server: made %s", path);
}

static void look_into_file(void)
{
    char text[16] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd == -1)
        show("server: %s: %s", path, strerror(errno));
    else if (read(fd, text, sizeof(text) - 1) == -1)
        die("read");
    else
        show("server: %s has %s", path, text);
}

int main(void)
{
    int status;

    call_me("server");
    make_file(run_word("4711")); /* as a server writes its pid */
    if (atexit(remove_file) != 0)
        die("atexit");

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me("worker");
        say("worker: has done its work, and leaves");
        /* FIX: _exit() ends the process and runs no exit handler: they are the
         * server's. */
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    look_into_file();
    return 0; /* from main: as exit(0) */
}
