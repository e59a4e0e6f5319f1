/* SPDX-License-Identifier: MIT
 *
 * escape MODE MARK: tries to outlive its run, or to leave something behind. Its
 * processes have MARK among their arguments, its files have it in their names.
 * MARK is a number. `escape list` prints the modes, `escape sweep MARK` removes
 * what was left behind and says what that was. `escape session MARK COMMAND...`
 * executes a command with a session keyring.
 */
#include "lab.h"

#include <linux/keyctl.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/* ---- the machine itself ---- */

static bool refused;

/* Shows the first thing that was allowed. */
static void try(const char *what, bool done)
{
    if (done && refused)
        show("allowed: %s", what);
    refused = refused && !done;
}

static bool opens(const char *path, int how)
{
    int fd = open(path, how | O_CLOEXEC);

    if (fd != -1)
        close(fd);
    return fd != -1;
}

/* Nothing is unmounted, should it be allowed: a mount in use is not expired,
 * umount(2). EPERM, or EINVAL for one that is locked, say no. */
static void unmount_proc(void)
{
    refused = true;
    try("umount /proc",
        umount2("/proc", MNT_EXPIRE) == 0 || errno == EBUSY || errno == EAGAIN);
    if (refused)
        show("refused");
}

/* Opens only, and writes nothing. */
static void settings_and_devices(void)
{
    refused = true;
    try("/proc/sys", opens("/proc/sys/kernel/core_pattern", O_WRONLY));
    try("/proc/sysrq-trigger", opens("/proc/sysrq-trigger", O_WRONLY));
    try("remount",
        mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL) == 0 &&
            opens("/proc/sys/kernel/core_pattern", O_WRONLY));
    try("a device of the machine", opens("/dev/kmsg", O_WRONLY));
    try("a new device",
        mknod(temporary("kmsg"), S_IFCHR | 0600, 1 << 8 | 11) == 0 &&
            opens(temporary("kmsg"), O_WRONLY));
    if (refused)
        show("refused");
}

/* The old name is set again; only where the UTS namespace is ours. */
static void host_name(void)
{
    char name[256] = "", before[256] = "";

    if (readlink("/proc/self/ns/uts", before, sizeof(before) - 1) == -1 ||
        gethostname(name, sizeof(name) - 1) == -1)
        die("readlink");
    show("%s", sethostname(name, strlen(name)) == 0 ? before : "refused");
}

static void control_groups(void)
{
    static const char *const above[] = {
        "/sys/fs/cgroup", "/sys/fs/cgroup/freezer", "/sys/fs/cgroup/unified"};

    for (size_t i = 0; i < sizeof(above) / sizeof(*above); i++)
        mkdir(path_in(above[i], "group"), 0755);
}

static void keys(void)
{
    syscall(SYS_add_key, "user", mark, "x", 1, KEY_SPEC_USER_KEYRING);
    syscall(SYS_add_key, "user", mark, "x", 1, KEY_SPEC_SESSION_KEYRING);
}

/* The parent of that process. */
static pid_t parent_of(pid_t pid)
{
    char path[64];
    int parent = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%*d %*s %*c %d", &parent) != 1)
            parent = 0;
        fclose(file);
    }
    return (pid_t)parent;
}

/* Keeper and runner can open no file more, if that is allowed. Its own child
 * may be limited. */
static void limits_of_others(void)
{
    const struct rlimit few = {3, 3};
    pid_t keeper = getppid(), runner = parent_of(keeper);
    pid_t child = fork();

    if (child == 0)
        sleep_on();
    bool others = prlimit(keeper, RLIMIT_NOFILE, &few, NULL) == 0;
    others |= runner > 1 && prlimit(runner, RLIMIT_NOFILE, &few, NULL) == 0;
    show("others: %s, child: %s", others ? "allowed" : "refused",
         prlimit(child, RLIMIT_NOFILE, &few, NULL) == 0 ? "allowed"
                                                        : "refused");
    kill(child, SIGKILL);
}

/* Out of its TMPDIR, by a link and by a new name. */
static void move_out(void)
{
    char from[512];

    snprintf(from, sizeof(from), "%s", temporary("file"));
    make_file(from, 0600);
    refused = true;
    try("link", link(from, path_in(".", "link")) == 0);
    try("rename", rename(from, path_in(".", "file")) == 0);
    if (refused)
        show("refused");
}

/* The terminal that its starter names: echo off, and a character for it. */
static void terminal_by_name(void)
{
    const char *name = getenv("TERMINAL");
    struct termios quiet;
    int fd = open(name ? name : "", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd != -1 && tcgetattr(fd, &quiet) == 0) {
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSANOW, &quiet);
    }
    show("terminal: %s, character: %s", fd == -1 ? "none" : "found",
         fd != -1 && ioctl(fd, TIOCSTI, "#") == 0 ? "pushed" : "refused");
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

static bool remove_key(int keyring)
{
    long key = syscall(SYS_keyctl, KEYCTL_SEARCH, keyring, "user", mark, 0);

    return key > 0 && syscall(SYS_keyctl, KEYCTL_UNLINK, key, keyring) == 0;
}

static void sweep_machine(void)
{
    found("key of the user", remove_key(KEY_SPEC_USER_KEYRING));
    found("key of the session", remove_key(KEY_SPEC_SESSION_KEYRING));
    found("control group", rmdir(path_in("/sys/fs/cgroup", "group")) == 0);
    found("freezer", rmdir(path_in("/sys/fs/cgroup/freezer", "group")) == 0);
    found("control group v2",
          rmdir(path_in("/sys/fs/cgroup/unified", "group")) == 0);
}

/* Shows what runs with this mark have left, and removes it. */
static void sweep(void)
{
    sweep_machine();
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
    {"unmount", unmount_proc},
    {"machine", settings_and_devices},
    {"host-name", host_name},
    {"control-groups", control_groups},
    {"keys", keys},
    {"limits", limits_of_others},
    {"move-out", move_out},
    {"terminal-by-name", terminal_by_name},
};

int main(int argc, char **argv)
{
    const size_t count = sizeof(modes) / sizeof(*modes);
    const char *wanted = argc > 1 ? argv[1] : "";

    mark = argc > 2 ? argv[2] : "0";
    if (strcmp(wanted, "sweep") == 0)
        sweep();
    if (strcmp(wanted, "session") == 0 && argc > 3) {
        syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
        execvp(argv[3], argv + 3);
    }
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
