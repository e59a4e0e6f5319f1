/* SPDX-License-Identifier: MIT
 *
 * escape MODE MARK: tries to outlive its run, or to leave something behind. Its
 * processes have MARK among their arguments, its files have it in their names.
 * MARK is a number. `escape list` prints the modes, `escape sweep MARK` removes
 * what was left behind and says what that was.
 */
#include "lab.h"

#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>

static const char *mark;

/* ---- what the modes share ---- */

static void sleep_on(void)
{
    for (;;)
        sleep(100);
}

static void start(void (*work)(void))
{
    if (fork() == 0) {
        work();
        _exit(0);
    }
}

static void own_session(void)
{
    setsid();
    sleep_on();
}

static void spin(void)
{
    for (;;)
        __asm__ volatile("" ::: "memory");
}

/* DIR/escape-MARK-NAME */
static const char *path_in(const char *directory, const char *name)
{
    static char path[512];

    snprintf(path, sizeof(path), "%s/escape-%s-%s", directory, mark, name);
    return path;
}

static const char *temporary_directory(void)
{
    const char *directory = getenv("TMPDIR");

    return directory ? directory : "/tmp";
}

static const char *temporary(const char *name)
{
    return path_in(temporary_directory(), name);
}

static void make_file(const char *path, mode_t mode)
{
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode);

    if (fd != -1)
        close(fd);
}

/* ---- processes that hide ---- */

static void second_fork(void)
{
    setsid();
    if (chdir("/") == 0 && fork() == 0) {
        for (int fd = 0; fd < 99; fd++)
            close(fd);
        sleep_on();
    }
}

static void daemon_of_old(void)
{
    start(second_fork);
}

static void child_keeps_the_pipe(void)
{
    start(own_session);
}

/* Each parent ends at once: nobody knows where the last one comes from. */
static void chain_of_daemons(void)
{
    for (int i = 0; i < 40; i++) {
        if (fork() != 0)
            _exit(0);
        setsid();
    }
    sleep_on();
}

static void fly(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (;;) {
        setsid();
        if (fork() > 0)
            _exit(0);
    }
}

/* Each forks and ends, and forks and ends. */
static void comets(void)
{
    for (int i = 0; i < 20; i++)
        start(fly);
}

static void bomb(void)
{
    for (;;)
        fork();
}

static void stop_in_own_session(void)
{
    setsid();
    raise(SIGSTOP);
    sleep_on();
}

static void stopped_children(void)
{
    for (int i = 0; i < 5; i++)
        start(stop_in_own_session);
    sleep_on();
}

static void vfork_child_sleeps(void)
{
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork) */
    pid_t child = vfork();

    if (child == 0) {
        sleep(1000); /* NOLINT(clang-analyzer-unix.Vfork) */
        _exit(0);
    }
}

static void *thread_sleeps(void *unused)
{
    sleep_on();
    return unused;
}

/* The first thread has ended, the others have not. */
static void threads_without_first(void)
{
    pthread_t thread;

    for (int i = 0; i < 200; i++)
        pthread_create(&thread, NULL, thread_sleeps, NULL);
    pthread_exit(NULL);
}

static void be_traced(void)
{
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    sleep_on();
}

static void traced_child(void)
{
    start(be_traced);
    sleep_on();
}

/* ---- signals, in both directions ---- */

static void ignore_all_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_IGN);
    sleep_on();
}

static void block_all_signals(void)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    sleep_on();
}

static void child_blocks_all_signals(void)
{
    start(block_all_signals);
}

static void kill_everybody(void)
{
    start(own_session);
    kill(-1, SIGKILL);
    sleep(1);
}

static void kill_parent(void)
{
    kill(getppid(), SIGKILL);
    kill(getppid(), SIGSTOP);
    sleep_on();
}

static void kill_group(void)
{
    kill(0, SIGKILL);
}

/* ---- too much of everything ---- */

static void spinning_children(void)
{
    for (int i = 0; i < 8; i++)
        start(spin);
}

static void all_descriptors(void)
{
    while (dup(0) != -1)
        continue;
    sleep_on();
}

static void no_descriptors(void)
{
    for (int fd = 0; fd < 1024; fd++)
        close(fd);
    sleep_on();
}

/* 10 GB, or less: the deadline comes first. */
static void flood(void)
{
    static char bytes[65536];

    memset(bytes, 'x', sizeof(bytes));
    for (int i = 0; i < 163840; i++)
        if (write(STDOUT_FILENO, bytes, sizeof(bytes)) == -1)
            break;
}

/* 512 MB, touched. */
static void memory(void)
{
    static char *part[512];

    for (size_t i = 0; i < 512 && (part[i] = malloc(1 << 20)) != NULL; i++)
        memset(part[i], 1, 1 << 20);
    sleep_on();
}

/* The limit of a file's size ends it with SIGXFSZ: setrlimit(2). */
static void huge_file(void)
{
    int fd = open(temporary("huge"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    if (ftruncate(fd, (off_t)1 << 34) == -1)
        die("ftruncate");
}

/* ---- what stays when all processes have gone ---- */

static void core_file(void)
{
    const struct rlimit no_limit = {RLIM_INFINITY, RLIM_INFINITY};

    setrlimit(RLIMIT_CORE, &no_limit);
    abort();
}

static void system_v_key(void)
{
    key_t key = (key_t)strtol(mark, NULL, 10);

    if (shmget(key, 4096, IPC_CREAT | 0600) == -1 ||
        semget(key, 1, IPC_CREAT | 0600) == -1 ||
        msgget(key, IPC_CREAT | 0600) == -1)
        die("shmget, semget or msgget");
}

static void posix_names(void)
{
    char name[256];

    snprintf(name, sizeof(name), "/escape-%s", mark);
    int fd = shm_open(name, O_CREAT | O_RDWR, 0600);
    if (fd != -1 && ftruncate(fd, 100) == -1)
        die("ftruncate");
    sem_open(name, O_CREAT, 0600, 1);
    mq_open(name, O_CREAT | O_RDWR, 0600, NULL);
}

static void forbidden_directories(void)
{
    make_file(temporary("file"), 0);
    mkdir(temporary("outer"), 0700);
    mkdir(temporary("outer/inner"), 0700);
    make_file(temporary("outer/inner/file"), 0);
    chmod(temporary("outer/inner"), 0);
    chmod(temporary("outer"), 0);
    mkdir(temporary("closed"), 0);
}

static void fifo_and_socket(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    mkfifo(temporary("fifo"), 0600);
    if (chdir(temporary_directory()) == 0)
        memcpy(name.sun_path, "socket", sizeof("socket"));
    if (bind(fd, (struct sockaddr *)&name, sizeof(name)) == -1)
        die("bind");
    if (symlink("/", temporary("link")) == -1)
        die("symlink");
}

static void files_elsewhere(void)
{
    make_file(path_in("/tmp", "file"), 0600);
    mkdir(path_in("/tmp", "directory"), 0);
    make_file(path_in("/var/tmp", "file"), 0600);
    make_file(path_in("/dev/shm", "file"), 0600);
}

static void umask_and_directory(void)
{
    umask(0777);
    make_file(temporary("file"), 0666);
    if (chdir("/") == -1)
        die("chdir");
}

/* The directory in which it was started may have no name any more. */
static void remove_own_directory(void)
{
    if (mkdir(temporary("here"), 0700) == -1 ||
        chdir(temporary("here")) == -1 || rmdir(temporary("here")) == -1)
        die("chdir");
    rmdir(temporary_directory());
    sleep_on();
}

static void raw_terminal(void)
{
    struct termios raw;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

    for (int i = fd == -1 ? 0 : fd; i <= (fd == -1 ? 2 : fd); i++)
        if (tcgetattr(i, &raw) == 0) {
            cfmakeraw(&raw);
            tcsetattr(i, TCSANOW, &raw);
        }
    show("terminal: %s", fd == -1 ? "none" : "found");
}

/* ---- afterwards ---- */

static void found(const char *what, bool there)
{
    if (there)
        show("%s", what);
}

static void sweep_system_v(void)
{
    key_t key = (key_t)strtol(mark, NULL, 10);
    int memory_id = shmget(key, 0, 0), semaphore = semget(key, 0, 0);
    int queue = msgget(key, 0);

    found("System V memory",
          memory_id != -1 && shmctl(memory_id, IPC_RMID, NULL) == 0);
    found("System V semaphore",
          semaphore != -1 && semctl(semaphore, 0, IPC_RMID) == 0);
    found("System V queue", queue != -1 && msgctl(queue, IPC_RMID, NULL) == 0);
}

static void sweep_posix(void)
{
    char name[256];

    snprintf(name, sizeof(name), "/escape-%s", mark);
    found("POSIX memory", shm_unlink(name) == 0);
    found("POSIX semaphore", sem_unlink(name) == 0);
    found("POSIX queue", mq_unlink(name) == 0);
}

static void sweep_files(void)
{
    found("file in /tmp", unlink(path_in("/tmp", "file")) == 0);
    found("directory in /tmp", rmdir(path_in("/tmp", "directory")) == 0);
    found("file in /var/tmp", unlink(path_in("/var/tmp", "file")) == 0);
    found("file in /dev/shm", unlink(path_in("/dev/shm", "file")) == 0);
}

/* Shows what runs with this mark have left, and removes it. */
static void sweep(void)
{
    sweep_system_v();
    sweep_posix();
    sweep_files();
}

static const struct {
    const char *name;
    void (*escape)(void);
} modes[] = {
    {"daemon", daemon_of_old},
    {"keeps-pipe", child_keeps_the_pipe},
    {"chain", chain_of_daemons},
    {"comets", comets},
    {"bomb", bomb},
    {"stopped", stopped_children},
    {"vfork", vfork_child_sleeps},
    {"threads", threads_without_first},
    {"traced", traced_child},
    {"ignore-signals", ignore_all_signals},
    {"block-signals", child_blocks_all_signals},
    {"kill-everybody", kill_everybody},
    {"kill-parent", kill_parent},
    {"kill-group", kill_group},
    {"spin", spinning_children},
    {"descriptors", all_descriptors},
    {"no-descriptors", no_descriptors},
    {"flood", flood},
    {"memory", memory},
    {"huge-file", huge_file},
    {"core", core_file},
    {"system-v", system_v_key},
    {"posix-names", posix_names},
    {"forbidden", forbidden_directories},
    {"fifo", fifo_and_socket},
    {"elsewhere", files_elsewhere},
    {"umask", umask_and_directory},
    {"own-directory", remove_own_directory},
    {"terminal", raw_terminal},
};

int main(int argc, char **argv)
{
    const size_t count = sizeof(modes) / sizeof(*modes);
    const char *wanted = argc > 1 ? argv[1] : "";

    mark = argc > 2 ? argv[2] : "0";
    if (strcmp(wanted, "sweep") == 0)
        sweep();
    for (size_t i = 0; i < count; i++) {
        if (strcmp(wanted, "list") == 0)
            show("%s", modes[i].name);
        if (strcmp(wanted, modes[i].name) == 0) {
            modes[i].escape();
            return 0;
        }
    }
    return strcmp(wanted, "list") == 0 || strcmp(wanted, "sweep") == 0 ? 0 : 2;
}
