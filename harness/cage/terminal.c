/* SPDX-License-Identifier: MIT
 *
 * terminal: see terminal.h.
 */
#define _GNU_SOURCE
#include "cage/terminal.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool in_foreground(int fd)
{
    return tcgetpgrp(fd) == getpgrp();
}

static bool pager_reads(void)
{
    struct stat info;

    return fstat(STDOUT_FILENO, &info) == 0 && S_ISFIFO(info.st_mode);
}

/* Flags, characters and speed; the struct has padding and unused members. */
static bool same(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
           a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
           memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

struct terminal terminal_save(void)
{
    struct terminal terminal = {
        .fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)};

    if (terminal.fd != -1 && (!in_foreground(terminal.fd) || pager_reads() ||
                              tcgetattr(terminal.fd, &terminal.before) == -1)) {
        close(terminal.fd);
        terminal.fd = -1;
    }
    return terminal;
}

void terminal_restore(struct terminal *terminal)
{
    struct termios now;

    if (terminal->fd == -1)
        return;
    if (in_foreground(terminal->fd) && tcgetattr(terminal->fd, &now) == 0 &&
        !same(&now, &terminal->before))
        tcsetattr(terminal->fd, TCSANOW, &terminal->before);
    close(terminal->fd);
    terminal->fd = -1;
}
