/* SPDX-License-Identifier: MIT
 *
 * 13-offset-moved-by-the-child: two readers, one bookmark.
 *
 * Hazard:  parent read 012
 *          child read 345
 *          [child] exit 42
 *          parent read 678
 * Safe:    parent read 012
 *          child read 345
 *          [child] exit 42
 *          parent read 345
 *
 * See 13-offset-moved-by-the-child.md, fork(2), open(2), pread(2), lseek(2).
 */
#include "lab.h"

#include <sys/mman.h>
#include <sys/wait.h>

/* A file like any other, only without a name. */
static int book(void)
{
    int fd = memfd_create("book", MFD_CLOEXEC);

    if (fd == -1 || write(fd, "0123456789", 10) != 10 ||
        lseek(fd, 0, SEEK_SET) == -1)
        die("memfd_create");
    return fd;
}

int main(void)
{
    char text[] = "???";
    int fd = book(), status;

    if (read(fd, text, 3) != 3)
        die("read");
    show("parent read %s", text);

    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        say("child: looks at what comes next");
        /* FIX: pread() takes a position of its own, and does not move the one
         * that the child shares with its parent. */
        if (pread(fd, text, 3, 3) != 3)
            die("pread");
        show("child read %s", text);
        _exit(42);
    }

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    say("parent: reads on");
    if (read(fd, text, 3) != 3)
        die("read");
    show("parent read %s", text);
    return 0;
}
