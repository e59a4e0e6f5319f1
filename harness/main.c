/* SPDX-License-Identifier: MIT
 *
 * main: signals, --help and --version; all else is a command of commands.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/tongue.h"
#include "base/version.h"
#include "commands.h"
#include "manual.h"

static void on_signal(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* The caller may have closed stdin, stdout or stderr: opens /dev/null in their
 * places, so that no descriptor of ours gets one of these numbers. What is then
 * written to stdout fails. */
static void fill_standard_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd != -1 && fd <= STDERR_FILENO);
    if (fd != -1)
        close(fd);
}

static void handle_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Who reads our output has seen enough, as head(1) or a pager: that is no error
 * to tell of. */
static void end_by_sigpipe(void)
{
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

int main(int argc, char **argv)
{
    fill_standard_descriptors();
    handle_signals();
    tongue_begin();
    if (argc < 2) {
        manual_help(&command_table, stderr);
        return STATUS_USAGE;
    }
    int status = STATUS_WANTED;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        manual_help(&command_table, stdout);
    else if (strcmp(argv[1], "--version") == 0)
        puts("forklab " FORKLAB_VERSION);
    else
        status = command_main(argc - 1, argv + 1);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (errno == EPIPE)
            end_by_sigpipe();
        command_fail(STATUS_CANNOT, "cannot write the output: %s",
                     strerror(errno));
    }
    return status;
}
