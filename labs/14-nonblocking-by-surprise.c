/* SPDX-License-Identifier: MIT
 *
 * 14-nonblocking-by-surprise: the child is gone, its O_NONBLOCK is not.
 *
 * Hazard:  child found nothing
 *          [child] exit 42
 *          parent: Resource temporarily unavailable
 *          [writer] exit 42
 * Safe:    child found nothing
 *          [child] exit 42
 *          parent read hello
 *          [writer] exit 42
 *
 * See 14-nonblocking-by-surprise.md, fork(2), fcntl(2), open(2), read(2).
 */
#include "lab.h"

#include <fcntl.h>
#include <sys/wait.h>

/* Looks whether there is input, and does not wait for it. */
static void look(void)
{
    char byte;
    int in = STDIN_FILENO, flags = fcntl(in, F_GETFL);

    if (flags == -1 || fcntl(in, F_SETFL, flags | O_NONBLOCK) == -1)
        die("fcntl");
    if (read(in, &byte, 1) == -1 && errno == EAGAIN)
        show("child found nothing");
}

/* Scaffolding: returns when pid waits for something. Its state is the first
 * letter behind its name in /proc/PID/stat, see proc(5). */
static void until_asleep(pid_t pid)
{
    char path[32] = "", text[80];
    size_t used = 0;

    lab_append(path, sizeof(path), &used, "/proc/");
    lab_append_number(path, sizeof(path) - 6, &used, pid, 10);
    lab_append(path, sizeof(path) - 1, &used, "/stat");
    for (char state = 'R'; state != 'S'; sched_yield()) {
        int fd = open(path, O_RDONLY);
        ssize_t got = read(fd, text, sizeof(text) - 1);
        if (got <= 0)
            die("read /proc");
        text[got] = '\0';
        state = strrchr(text, ')')[2];
        close(fd);
    }
}

static void start(const char *name, int writes_to, pid_t parent)
{
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        call_me(name);
    }
    (void)writes_to;
    (void)parent;
}

int main(void)
{
    start("x", 0, 0);
}
