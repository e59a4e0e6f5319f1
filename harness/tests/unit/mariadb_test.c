/* SPDX-License-Identifier: MIT
 *
 * Tests of the private MariaDB server. They speak to it without its client
 * library, as the runner does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cage/directory.h"
#include "run/mariadb.h"

static int tests, failures;

static void check(bool good, const char *name)
{
    tests++;
    failures += !good;
    printf("%sok %d - %s\n", good ? "" : "not ", tests, name);
}

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- as much of a client as is needed ---- */

static int connect_to(const struct mariadb *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s",
             mariadb_socket(server));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Reads one packet: three bytes of length, a number, the content. Returns the
 * first byte of the content, or -1. */
static int read_packet(int fd)
{
    unsigned char head[4], content[4096];

    if (recv(fd, head, 4, MSG_WAITALL) != 4)
        return -1;
    size_t length = head[0] | (size_t)head[1] << 8;
    if (length == 0 || length > sizeof(content) ||
        recv(fd, content, length, MSG_WAITALL) != (ssize_t)length)
        return -1;
    return content[0];
}

static void send_packet(int fd, unsigned char number, const char *content,
                        size_t length)
{
    unsigned char packet[4096] = {(unsigned char)length,
                                  (unsigned char)(length >> 8), 0, number};

    memcpy(packet + 4, content, length);
    if (send(fd, packet, length + 4, MSG_NOSIGNAL) != (ssize_t)length + 4)
        perror("# send");
}

/* A connection of a user called u, without a password: protocol 4.1 with
 * secure connection, which is 0x8200. */
static int log_in(const struct mariadb *server)
{
    static const char answer[34] = {0, (char)0x82, [8] = 33, [32] = 'u'};
    char content[sizeof(answer) + 1] = {0};
    int fd = connect_to(server);

    memcpy(content, answer, sizeof(answer));
    if (fd == -1 || read_packet(fd) != 10 /* the protocol's version */)
        return -1;
    send_packet(fd, 1, content, sizeof(content));
    return read_packet(fd) == 0 ? fd : -1;
}

/* Sends a query (COM_QUERY is 3) and does not wait for what comes. */
static void ask(int fd, const char *query)
{
    char content[256];
    int length = snprintf(content, sizeof(content), "\3%s", query);

    send_packet(fd, 0, content, (size_t)length);
}

/* Reads all answers that are still to come. The server gives up a client who
 * goes away without. */
static void read_all(int fd)
{
    char some[256];

    shutdown(fd, SHUT_WR);
    while (read(fd, some, sizeof(some)) > 0)
        ;
    close(fd);
}

/* ---- the tests ---- */

static char *new_directory(void)
{
    char *directory = directory_make();

    if (directory == NULL) {
        printf("Bail out! no directory: %s\n", strerror(errno));
        exit(1);
    }
    return directory;
}

static bool holds(const struct facts *list, size_t at, const char *text)
{
    return at < list->count && strcmp(list->item[at].text, text) == 0;
}

static void test_findings(struct mariadb *server)
{
    struct facts found = {0};
    int one = log_in(server), two = log_in(server), three = log_in(server);

    check(one != -1 && two != -1 && three != -1, "clients can log in");
    ask(two, "/* child */ SELECT 1");
    read_packet(two);
    ask(one, "/* child */ SELECT 1\n\t\t     7 Query\tSELECT 2");
    ask(one, "/* an ancestor whose name is too long for it */ SELECT 1");
    ask(one, "/* child 2 */ SELECT 1");
    ask(one, "/* parent */ SELECT 1");
    ask(one, "/* child */ SELECT 1");
    ask(three, "SELECT 1 /* parent */");
    read_all(one);
    read_all(two);
    read_all(three);
    mariadb_findings(server, &found);
    for (size_t i = 0; i < found.count; i++)
        printf("# %s\n", found.item[i].text);
    check(holds(&found, 0,
                "[server] connection of parent and child and "
                "child 2"),
          "who asked on a connection: the parent first, each once");
    check(holds(&found, 1, "[server] connection of child"),
          "a connection with one client");
    check(found.count == 2, "queries that nobody signed do not count");
    facts_free(&found);
}

/* One run after the other. */
static void test_runs(void)
{
    struct mariadb_shared shared = {0};
    struct facts found = {0};
    struct mariadb *server = mariadb_share(&shared);

    check(server != NULL, "a run begins");
    if (server == NULL)
        return;
    pid_t pid = mariadb_pid(server);
    int one = log_in(server);
    ask(one, "/* parent */ SELECT GET_LOCK('gate', 0)");
    read_packet(one);
    check(mariadb_share(&shared) == NULL,
          "none while another's client is there");
    close(one);
    check(mariadb_share(&shared) == server, "another run begins");
    mariadb_findings(server, &found);
    check(found.count == 0, "what others have asked is no finding of it");
    int two = log_in(server);
    ask(two, "/* child */ SELECT 1");
    read_packet(two);
    close(two);
    mariadb_findings(server, &found);
    check(found.count == 1 && holds(&found, 0, "[server] connection of child"),
          "what it has asked is");
    facts_free(&found);
    mariadb_share_end(&shared);
    check(kill(pid, 0) == -1 && errno == ESRCH, "the last one ends the server");
}

static void test_life(void)
{
    char *directory = new_directory(), *error = NULL;
    double start = now_ms();
    struct mariadb *server = mariadb_start(directory, &error);
    double ready = now_ms();

    check(server != NULL, "a server starts in an empty directory");
    if (server == NULL) {
        printf("# %s\n", error);
        free(error);
        free(directory);
        return;
    }
    pid_t pid = mariadb_pid(server);
    check(error == NULL, "without an error");
    int fd = connect_to(server);
    check(fd != -1 && read_packet(fd) == 10, "it greets who connects");
    close(fd);
    struct facts found = {0};
    mariadb_findings(server, &found);
    check(found.count == 0, "a client that says nothing is no finding");
    facts_free(&found);
    test_findings(server);
    double before = now_ms();
    mariadb_stop(server);
    printf("# ready after %.0f ms, stopped in %.0f ms\n", ready - start,
           now_ms() - before);
    check(kill(pid, 0) == -1 && errno == ESRCH, "stopped, it is gone");
    check(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
          "and has been waited for");
    check(directory_remove(directory), "its directory can be removed");
    free(directory);
}

/* It must fail, with `words` in the error, and at once. */
static void fails(const char *directory, const char *words, const char *name)
{
    char *error = NULL;
    double start = now_ms();
    struct mariadb *server = mariadb_start(directory, &error);
    double took = now_ms() - start;

    printf("# after %.0f ms: %s\n", took, error ? error : "no error");
    check(server == NULL && error != NULL && strstr(error, words) != NULL &&
              took < 10000 && waitpid(-1, NULL, WNOHANG) == -1,
          name);
    mariadb_stop(server);
    free(error);
}

static void test_failures(void)
{
    char *directory = new_directory();
    char *longer = xasprintf("%s/%0100d", directory, 7);
    char *file = xasprintf("%s/ib_logfile0", directory);

    fails("/nonexistent/forklab", "No such file or directory",
          "a directory that does not exist");
    fails("relative", "not an absolute path", "a relative path");
    mkdir(longer, 0700);
    fails(longer, "set TMPDIR", "a path that is too long for a socket");
    rmdir(longer);
    chmod(directory, 0755);
    fails(directory, "only its owner", "a directory that others can enter");
    chmod(directory, 0700);
    close(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    fails(directory, "ended before it was ready",
          "a server that ends at once is told with its reason");
    check(directory_remove(directory), "that directory can be removed, too");
    free(file);
    free(longer);
    free(directory);
}

/* The runner is killed: the server must go with it. */
static void test_death_of_the_runner(void)
{
    char *directory = new_directory(), *error = NULL;
    int tell[2];
    pid_t pid = -1;

    if (pipe2(tell, O_CLOEXEC) == -1)
        return;
    pid_t runner = fork();
    if (runner == 0) {
        struct mariadb *server = mariadb_start(directory, &error);
        pid = mariadb_pid(server);
        if (write(tell[1], &pid, sizeof(pid)) == -1)
            _exit(1);
        pause();
    }
    close(tell[1]);
    ssize_t got = read(tell[0], &pid, sizeof(pid));
    close(tell[0]);
    kill(runner, SIGKILL);
    waitpid(runner, NULL, 0);
    char *path = xasprintf("/proc/%d/stat", (int)pid), text[256] = "";
    const char *state = NULL;
    double end = now_ms() + 5000;
    do {
        FILE *stream = fopen(path, "re");
        state = stream && fgets(text, sizeof(text), stream) ? strrchr(text, ')')
                                                            : NULL;
        if (stream != NULL)
            fclose(stream);
        usleep(1000);
    } while (state != NULL && state[2] != 'Z' && now_ms() < end);
    check(got == sizeof(pid) && pid > 0 && (state == NULL || state[2] == 'Z'),
          "it dies with the runner");
    directory_remove(directory);
    free(path);
    free(directory);
}

int main(void)
{
    const char *missing = mariadb_missing();

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (missing != NULL) {
        printf("1..0 # SKIP %s\n", missing);
        return 0;
    }
    check(mariadb_pid(NULL) == 0, "no server has no process");
    mariadb_stop(NULL);
    test_life();
    test_runs();
    test_failures();
    test_death_of_the_runner();
    printf("1..%d\n", tests);
    return failures > 0;
}
