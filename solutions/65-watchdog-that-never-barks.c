/* SPDX-License-Identifier: MIT
 *
 * 65-watchdog-that-never-barks: the timer that was to end a wait is the
 * parent's.
 *
 * Hazard:  [client] hang in read
 *          [server] hang in read
 * Safe:    server: no end after {n} lines
 *          client heard: too slow
 *          [server] exit 42
 * Work:    pipe
 * Number:  42
 * Needs:   namespace
 *
 * See 65-watchdog-that-never-barks.md, fork(2), setitimer(2), signal(7).
 */
#include "lab.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

/* A signal in ms milliseconds; 0: none. */
static void watch(int ms)
{
    struct itimerval time = {.it_value.tv_usec = ms * 1000L};

    if (setitimer(ITIMER_REAL, &time, NULL) == -1)
        die("setitimer");
}

/* That it has run makes read(2) fail with EINTR. Should it have come before the
 * read(2), it comes again. */
static void bark(int number LAB_UNUSED)
{
    watch(10);
}

/* Reads a request, as many lines as the client likes, and the end. */
__attribute__((noreturn)) static void serve(int client)
{
    char text[80];
    int lines = 0;
    ssize_t got;

    call_me("server");
    /* No SA_RESTART: with it read(2) would go on. */
    if (sigaction(SIGALRM, &(struct sigaction){.sa_handler = bark}, NULL) == -1)
        die("sigaction");
    /* FIX: a timer belongs to the process that set it; the child has none. */
    watch(10);
    say("server: reads to the end");
    while ((got = read(client, text, sizeof(text))) > 0)
        for (ssize_t i = 0; i < got; i++)
            lines += text[i] == '\n';
    if (got != -1 || errno != EINTR)
        die("read");
    /* What comes late shall interrupt nothing: not even _exit(2), which a
     * tracer may hold up. */
    signal(SIGALRM, SIG_IGN);
    show("server: no end after %d lines", lines);
    if (write(client, "too slow", 8) != 8)
        die("write");
    _exit(42);
}

int main(void)
{
    int line[2], lines = run_number(42);
    char heard[80] = "";

    call_me("client");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) == -1)
        die("socketpair");
    /* These are sent before the server looks, and no more. */
    for (int i = 0; i < lines; i++)
        if (write(line[0], "line\n", 5) != 5)
            die("write");

    /* The server is to be watched from its first moment, the client never. */
    signal(SIGALRM, SIG_IGN);
    watch(10);
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        close(line[0]);
        serve(line[1]);
    }
    watch(0);
    close(line[1]);
    say("client: waits for an answer");
    if (read(line[0], heard, sizeof(heard) - 1) <= 0)
        die("read");
    show("client heard: %s", heard);
    return waitpid(pid, NULL, 0) != pid;
}
