/* SPDX-License-Identifier: MIT
 *
 * mariadb: see mariadb.h.
 *
 * An empty directory and --skip-grant-tables are all that a server needs: no
 * mariadb-install-db. It is ready when it greets a client. The socket that it
 * listens on is its own: one that it inherits from us (systemd's way) would
 * need no second try, but not every distribution compiles that in.
 */
#define _GNU_SOURCE
#include "run/mariadb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "linux/pidfd.h"
#include "linux/proc.h"
#include "base/text.h"
#include "linux/syscalls.h"

/* A machine at its limit has taken 30 s. Who has ended, or waits for space, is
 * not waited for. */
#define READY_MS 60000
#define RETRY_MS 2
#define DRAIN_MS 1000
#define MAX_LOG ((size_t)65536) /* bytes of the error log that are read */
#define DISK_MB 20              /* of its files, as they are set up here */

struct mariadb {
    char *directory;
    char *socket;
    pid_t pid; /* 0 when it has ended */
    int pidfd; /* -1 where the kernel has none */
    int log;   /* its error log, in memory: the disk may be full */
    int status;
    off_t begun;         /* so long its general log was when this run began */
    size_t idle_threads; /* when it serves nobody; 0: not known */
};

/* ---- is there one? ---- */

/* The program, or NULL. The caller frees it. Not mysqld: that may be MySQL. */
static char *find_program(void)
{
    static const char elsewhere[] =
        "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/libexec";
    const char *path = getenv("PATH");
    char *program = file_in_path(path ? path : elsewhere, "mariadbd");

    if (program != NULL && program[0] == '/')
        return program;
    free(program);
    return file_in_path(elsewhere, "mariadbd");
}

const char *mariadb_missing(void)
{
#define REASON "mariadbd is not installed. Install it: "
    static const struct {
        const char *manager, *reason;
    } ways[] = {
        {"/usr/bin/apt-get", REASON "apt install mariadb-server-core"},
        {"/usr/bin/dnf", REASON "dnf install mariadb-server"},
        {"/sbin/apk", REASON "apk add mariadb"},
        {"/usr/bin/pacman", REASON "pacman -S mariadb"},
    };
    char *program = find_program();

    free(program);
    if (program != NULL)
        return NULL;
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
        if (access(ways[i].manager, X_OK) == 0)
            return ways[i].reason;
    return "mariadbd is not installed. It comes with a MariaDB server";
#undef REASON
}

/* ---- starting ---- */

/* An option with loose- does not exist in all versions, or may go one day: a
 * server that does not know it starts all the same. They make the start short
 * and the files small; no data outlives the server. */
static const char *const options[] = {
    "--skip-networking",
    "--skip-grant-tables",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--loose-skip-ssl",
    "--loose-performance-schema=0",
    "--max-connections=20",
    "--thread-cache-size=0",
    "--loose-innodb-buffer-pool-size=8M",     /* 5M is refused */
    "--loose-innodb-buffer-pool-size-max=8M", /* else 8 TB are reserved */
    "--loose-innodb-log-file-size=4M",
    "--loose-innodb-log-buffer-size=2M",
    "--loose-innodb-data-file-path=ibdata1:5M:autoextend",
    "--loose-innodb-autoextend-increment=1", /* else ibdata1 has 72 MB */
    "--loose-innodb-temp-data-file-path=ibtmp1:1M:autoextend",
    "--loose-innodb-flush-log-at-trx-commit=0",
    "--loose-innodb-flush-method=nosync",
    "--loose-innodb-doublewrite=0",
    "--loose-innodb-use-native-aio=0", /* no io_uring: seccomp may forbid it */
    "--loose-innodb-buffer-pool-load-at-startup=0",
    "--loose-innodb-buffer-pool-dump-at-shutdown=0",
    "--loose-innodb-stats-persistent=0",
    "--key-buffer-size=64K",
    "--loose-aria-pagecache-buffer-size=1M",
    "--log-warnings=2", /* tells of aborted connections, too */
    "--log-output=FILE",
    "--general-log",
    "--general-log-file=general.log",
    NULL,
};

#define MAX_ARGUMENTS (sizeof(options) / sizeof(*options) + 6)

/* On two CPUs a start may take 1 s longer, as if a wake-up were lost: 12 of 80
 * did. On one CPU none did, of 80. */
static void stay_on_this_cpu(void)
{
    cpu_set_t here;
    int cpu = sched_getcpu();

    CPU_ZERO(&here);
    if (cpu >= 0)
        CPU_SET(cpu, &here);
    sched_setaffinity(0, sizeof(here), &here);
}

/* Runs in the child. What goes wrong here stands in the log. */
static void become_server(const char *program, char *const argv[],
                          const struct mariadb *server, pid_t runner)
{
    static char *no_environment[] = {NULL};
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    stay_on_this_cpu();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != runner ||
        chdir(server->directory) == -1)
        _exit(1);
    int null = open("/dev/null", O_RDONLY);
    if (null == -1)
        _exit(1);
    dup2(null, 0);
    dup2(server->log, 1);
    dup2(server->log, 2);
    syscall(SYS_close_range, 3U, ~0U, 0U);
    execve(program, argv, no_environment);
    dprintf(2, "cannot execute %s: %s\n", program, strerror(errno));
    _exit(1);
}

static void launch(struct mariadb *server, char *program)
{
    char *data = xasprintf("--datadir=%s", server->directory);
    char *temporary = xasprintf("--tmpdir=%s", server->directory);
    char *socket = xasprintf("--socket=%s", server->socket);
    char *argv[MAX_ARGUMENTS] = {program, "--no-defaults", data, temporary,
                                 socket};
    size_t count = 5;
    pid_t runner = getpid();

    if (geteuid() == 0)
        argv[count++] = "--user=root"; /* root must say so */
    for (size_t i = 0; options[i] != NULL; i++)
        argv[count++] = (char *)options[i];
    server->pid = fork();
    if (server->pid == 0)
        become_server(program, argv, server, runner);
    if (server->pid > 0)
        server->pidfd = pidfd(server->pid);
    free(data);
    free(temporary);
    free(socket);
}

/* ---- ready? ---- */

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Has it ended? Takes the status, once. */
static bool has_ended(struct mariadb *server)
{
    if (server->pid > 0 &&
        waitpid(server->pid, &server->status, WNOHANG) == server->pid)
        server->pid = 0;
    return server->pid == 0;
}

/* -1 while nobody listens. */
static int connect_to(const struct mariadb *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    /* The length was checked. */
    memcpy(address.sun_path, server->socket, strlen(server->socket));
    if (fd != -1 &&
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* All that its error log has now, at most 64 KiB. The caller frees it. */
static char *read_errors(const struct mariadb *server)
{
    char *text = xcalloc(MAX_LOG + 1, 1);
    size_t length = 0;
    ssize_t got;

    while (length < MAX_LOG &&
           (got = pread(server->log, text + length, MAX_LOG - length,
                        (off_t)length)) > 0)
        length += (size_t)got;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    return text;
}

/* Does this line of the log say that there is no space left? Its parts say so
 * in their own words: Errcode: 28 "No space left on device", error 28, Disk is
 * full. */
static bool says_full(const char *line)
{
    static const char *const numbers[] = {"Errcode: ", "errno: ", "error "};

    if (strcasestr(line, "no space left") != NULL ||
        strcasestr(line, "disk is full") != NULL ||
        strcasestr(line, "disk full") != NULL ||
        strcasestr(line, "quota exceeded") != NULL)
        return true;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        const char *at = strstr(line, numbers[i]);
        int number = at ? atoi(at + strlen(numbers[i])) : 0;
        if (number == ENOSPC || number == EDQUOT)
            return true;
    }
    return false;
}

/* Does it wait for somebody who frees space? It tries again once a minute. */
static bool waits_for_space(const struct mariadb *server, off_t *looked_at)
{
    struct stat info;

    if (fstat(server->log, &info) == -1 || info.st_size == *looked_at)
        return false;
    *looked_at = info.st_size;
    char *text = read_errors(server);
    bool waits = strstr(text, "Retry in ") != NULL && says_full(text);
    free(text);
    return waits;
}

/* It is ready when it greets. To go away then is no harm: the error log tells
 * of a client that did not say who it is, the general log says nothing. */
static bool becomes_ready(struct mariadb *server)
{
    long end = now_ms() + READY_MS, left;
    off_t looked_at = 0;

    while ((left = end - now_ms()) > 0 && !has_ended(server) &&
           !waits_for_space(server, &looked_at)) {
        int fd = connect_to(server);
        struct pollfd wait[] = {{.fd = server->pidfd, .events = POLLIN},
                                {.fd = fd, .events = POLLIN}};
        char byte;

        poll(wait, 2, fd == -1 ? RETRY_MS : (int)left);
        if (fd == -1)
            continue;
        ssize_t got = read(fd, &byte, 1);
        close(fd);
        if (got == 1)
            return true;
    }
    return false;
}

/* What its error log says: the line that says that there is no space left, or
 * else the first error, or the last line; "" if there is none. The caller frees
 * it. */
static char *telling_line(const struct mariadb *server, bool *full)
{
    static const char *const marks[] = {"[ERROR] ", "[Warning] ", "[Note] "};
    char *text = read_errors(server), *rest = text, *line;
    const char *last = "", *error = NULL, *space = NULL;

    while ((line = strsep(&rest, "\n")) != NULL) {
        if (line[0] == '\0')
            continue;
        last = line;
        if (error == NULL && strstr(line, marks[0]) != NULL)
            error = line;
        if (space == NULL && says_full(line))
            space = line;
    }
    const char *told = space ? space : error ? error : last;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        const char *at = strstr(told, marks[i]);
        if (at != NULL)
            told = at + strlen(marks[i]);
    }
    char *words = text_clean(told, strlen(told));
    *full = space != NULL;
    free(text);
    return words;
}

/* The directory in which the run's own one was made: what TMPDIR was. */
static int length_of_base(const char *directory)
{
    const char *ours = strstr(directory, "/forklab.");

    return ours != NULL && ours != directory ? (int)(ours - directory)
                                             : (int)strlen(directory);
}

static char *how_it_ended(const struct mariadb *server, const char *program)
{
    if (server->pid == -1)
        return xstrdup("cannot start a MariaDB server: fork failed");
    if (server->pid > 0)
        return xasprintf("%s was not ready after %d s", program,
                         READY_MS / 1000);
    return xasprintf("%s ended before it was ready (%s %d)", program,
                     WIFSIGNALED(server->status) ? "signal" : "status",
                     WIFSIGNALED(server->status) ? WTERMSIG(server->status)
                                                 : WEXITSTATUS(server->status));
}

static char *why_not_ready(struct mariadb *server, const char *program)
{
    bool full;
    char *words = telling_line(server, &full);
    char *end = how_it_ended(server, program);
    char *error;

    if (full)
        error =
            xasprintf("no space left in %.*s for MariaDB, which takes about "
                      "%d MB: free space there, or set TMPDIR to another "
                      "directory (its words: %s)",
                      length_of_base(server->directory), server->directory,
                      DISK_MB, words);
    else
        error = xasprintf("%s%s%s", end, words[0] ? ": " : "", words);
    free(words);
    free(end);
    return error;
}

/* What is wrong with the directory, or NULL. */
static char *directory_error(const struct mariadb *server)
{
    struct stat info;

    if (server->directory[0] != '/')
        return xasprintf("%s is not an absolute path", server->directory);
    if (strlen(server->socket) >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return xasprintf("the path of a socket has at most %zu bytes, and %s "
                         "has %zu: set TMPDIR to a shorter directory",
                         sizeof(((struct sockaddr_un *)0)->sun_path) - 1,
                         server->socket, strlen(server->socket));
    if (stat(server->directory, &info) == -1)
        return xasprintf("%s: %s", server->directory, strerror(errno));
    if (!S_ISDIR(info.st_mode) || (info.st_mode & 077) != 0)
        return xasprintf("%s is not a directory that only its owner can enter: "
                         "anybody may ask this server anything",
                         server->directory);
    return NULL;
}

struct mariadb *mariadb_start(const char *directory, char **error)
{
    struct mariadb *server = xcalloc(1, sizeof(*server));
    char *program = find_program();

    server->pidfd = -1;
    server->log = memfd_create("mariadb", MFD_CLOEXEC);
    server->directory = xstrdup(directory);
    server->socket = xasprintf("%s/s", directory);
    *error =
        program ? directory_error(server) : xstrdup("there is no mariadbd");
    if (*error == NULL && server->log == -1)
        *error = xasprintf("cannot start a MariaDB server: memfd_create: %s",
                           strerror(errno));
    if (program != NULL && *error == NULL) {
        launch(server, program);
        if (server->pid == -1 || !becomes_ready(server))
            *error = why_not_ready(server, program);
    }
    free(program);
    if (*error == NULL)
        return server;
    mariadb_stop(server);
    return NULL;
}

const char *mariadb_socket(const struct mariadb *server)
{
    return server->socket;
}

pid_t mariadb_pid(const struct mariadb *server)
{
    return server ? server->pid : 0;
}

void mariadb_stop(struct mariadb *server)
{
    if (server == NULL)
        return;
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        while (waitpid(server->pid, NULL, 0) == -1 && errno == EINTR)
            ;
    }
    if (server->pidfd != -1)
        close(server->pidfd);
    if (server->log != -1)
        close(server->log);
    free(server->directory);
    free(server->socket);
    free(server);
}

/* ---- what the server saw ---- */

/* A connection and one who asked on it. */
struct asker {
    unsigned long connection;
    char name[ROLE_SIZE];
};

struct askers {
    struct asker *item;
    size_t count;
};

/* How many sockets the server holds; 0 if we may not look. */
static int count_sockets(const struct mariadb *server)
{
    char *path = xasprintf("/proc/%d/fd", (int)server->pid);
    DIR *directory = opendir(path);
    const struct dirent *entry;
    int count = 0;

    free(path);
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        char target[64] = "";
        ssize_t length = readlinkat(dirfd(directory), entry->d_name, target,
                                    sizeof(target) - 1);
        count += length > 0 && strncmp(target, "socket:", 7) == 0;
    }
    if (directory != NULL)
        closedir(directory);
    return count;
}

/* The server logs a query when it reads it, and writes each entry at once: the
 * log is complete when it has closed its end of all connections, so that one
 * socket is left, which listens. A server that sleeps in a query may not have
 * noticed that its client is gone, but has logged it: hence a limit. (It never
 * reads a query after one whose answer it cannot deliver.) */
static void drain(const struct mariadb *server)
{
    long end = now_ms() + DRAIN_MS;

    while (count_sockets(server) > 1 && now_ms() < end)
        poll(NULL, 0, RETRY_MS);
}

/* An entry of the general log is "[time]\t<connection> <command>\t<text>", with
 * one tab more where there is no time. The text of a query in it, or NULL. */
static const char *query_in(const char *line, unsigned long *connection)
{
    const char *entry = strchr(line, '\t');
    char command[16];
    int used = 0;

    if (entry == NULL ||
        sscanf(entry, " %lu %15[A-Za-z]%n", connection, command, &used) != 2 ||
        entry[used] != '\t')
        return NULL;
    bool asks = strcmp(command, "Query") == 0 ||
                strcmp(command, "Prepare") == 0 ||
                strcmp(command, "Execute") == 0;
    return asks ? entry + used + 1 : NULL;
}

/* Notes who asked, if the query begins with the comment that says so. */
static void note(struct askers *askers, unsigned long connection,
                 const char *query)
{
    const char *name = query + 3;
    const char *end = strstr(query, " */");

    if (strncmp(query, "/* ", 3) != 0 || end <= name || end - name >= ROLE_SIZE)
        return;
    struct asker new = {.connection = connection};
    memcpy(new.name, name, (size_t)(end - name));
    for (size_t i = 0; i < askers->count; i++)
        if (askers->item[i].connection == connection &&
            strcmp(askers->item[i].name, new.name) == 0)
            return;
    GROW(askers->item, askers->count);
    askers->item[askers->count++] = new;
}

/* By connection; the parent first, then by name. */
static int by_connection(const void *one, const void *two)
{
    const struct asker *a = one, *b = two;
    bool a_parent = strcmp(a->name, "parent") == 0;
    bool b_parent = strcmp(b->name, "parent") == 0;

    if (a->connection != b->connection)
        return a->connection < b->connection ? -1 : 1;
    if (a_parent != b_parent)
        return a_parent ? -1 : 1;
    return strcmp(a->name, b->name);
}

static FILE *open_log(const struct mariadb *server)
{
    char *path = xasprintf("%s/general.log", server->directory);
    FILE *stream = fopen(path, "re");

    free(path);
    return stream;
}

static void read_log(const struct mariadb *server, struct askers *askers)
{
    char *line = NULL;
    size_t size = 0;
    FILE *stream = open_log(server);

    if (stream == NULL)
        return;
    fseeko(stream, server->begun, SEEK_SET);
    while (getline(&line, &size, stream) > 0) {
        unsigned long connection;
        const char *query = query_in(line, &connection);
        if (query != NULL)
            note(askers, connection, query);
    }
    free(line);
    fclose(stream);
}

void mariadb_findings(const struct mariadb *server, struct facts *list)
{
    struct askers askers = {0};
    char *roles = NULL;

    drain(server);
    read_log(server, &askers);
    if (askers.count > 0)
        qsort(askers.item, askers.count, sizeof(*askers.item), by_connection);
    for (size_t i = 0; i < askers.count; i++) {
        const struct asker *one = &askers.item[i];
        bool first = i == 0 || one[-1].connection != one->connection;
        bool last =
            i + 1 == askers.count || one[1].connection != one->connection;
        char *longer = xasprintf("%s%s%s", first ? "" : roles,
                                 first ? "" : " and ", one->name);
        free(roles);
        roles = longer;
        if (last)
            facts_add_finding(list, FACT_CONNECTION, "server", roles);
    }
    free(roles);
    free(askers.item);
}

/* ---- for one run after the other ---- */

/* Its threads. One that served a connection, whose socket is closed already,
 * has still locks and transactions to end. */
static size_t count_threads(const struct mariadb *server)
{
    struct pids threads = {0};

    proc_threads(server->pid, &threads);
    size_t count = threads.count;
    pids_free(&threads);
    return count;
}

/* Waits until it serves nobody: so many threads as when nobody had asked. */
static bool is_quiet(struct mariadb *server)
{
    long end = now_ms() + DRAIN_MS;

    drain(server);
    if (server->idle_threads == 0)
        server->idle_threads = count_threads(server);
    while (count_threads(server) > server->idle_threads && now_ms() < end)
        poll(NULL, 0, RETRY_MS);
    return count_sockets(server) == 1 &&
           count_threads(server) <= server->idle_threads;
}

static bool begin_run(struct mariadb *server)
{
    bool quiet = is_quiet(server);
    FILE *stream = quiet ? open_log(server) : NULL;
    bool good = stream != NULL && fseeko(stream, 0, SEEK_END) == 0;

    if (good)
        server->begun = ftello(stream);
    if (stream != NULL)
        fclose(stream);
    return good;
}

struct mariadb *mariadb_share(struct mariadb_shared *shared)
{
    char *error = NULL;

    if (!shared->tried && guarded_directory_make(&shared->directory)) {
        shared->server = mariadb_start(shared->directory.path, &error);
        if (shared->server == NULL)
            guarded_directory_end(&shared->directory);
        free(error); /* a run that starts its own says the same */
    }
    shared->tried = true;
    return shared->server != NULL && begin_run(shared->server) ? shared->server
                                                               : NULL;
}

void mariadb_share_end(struct mariadb_shared *shared)
{
    if (shared->server == NULL)
        return;
    mariadb_stop(shared->server);
    guarded_directory_end(&shared->directory);
    *shared = (struct mariadb_shared){0};
}
