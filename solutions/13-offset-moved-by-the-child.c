/* SPDX-License-Identifier: MIT
 *
 * 13-offset-moved-by-the-child: two readers, one bookmark.
 *
 * Hazard:  parent read 012
 *          child read {n}
 *          [child] exit 42
 *          parent read 678
 * Safe:    parent read 012
 *          child read {n}
 *          [child] exit 42
 *          parent read {n}
 * Number:  345
 *
 * See 13-offset-moved-by-the-child.md, fork(2), open(2), pread(2), lseek(2).
 */
#include "lab.h"

#include <sys/mman.h>
#include <sys/wait.h>

/* A file like any other, only without a name: "0123456789". */
static int book(const char *middle)
{
    int fd = memfd_create("book", MFD_CLOEXEC);

    if (fd == -1 || write(fd, "012", 3) != 3 || write(fd, middle, 3) != 3 ||
        write(fd, "6789", 4) != 4 || lseek(fd, 0, SEEK_SET) == -1)
        die("memfd_create");
    return fd;
}

int main(void)
{
    char text[] = "???";
    int fd = book(run_word("345")), status;

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
