/* SPDX-License-Identifier: MIT
 *
 * Tests of what the cage decides before it starts anything. TAP; exit 1 on
 * failure.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cage/cage.h"
#include "cage/directory.h"
#include "cage/ledger.h"
#include "cage/names.h"
#include "linux/namespaces.h"
#include "linux/syscalls.h"

static int tests, failures;

static void ok(bool good, const char *what)
{
    printf("%s %d - %s\n", good ? "ok" : "not ok", ++tests, what);
    failures += !good;
}

/* /dev/null stands for the file of another namespace. */
static void test_pid_max(void)
{
    static const char *const shared[] = {"2.6.60",
                                         "4.19.0-27-amd64",
                                         "5.15.0-130-generic",
                                         "6.1.0-56-amd64",
                                         "6.8.0",
                                         "6.9.14",
                                         "6.13.12",
                                         "6.13-rc14",
                                         "6",
                                         "6.x",
                                         "",
                                         "linux 6.14",

                                         "3.20.14"};
    static const char *const own[] = {"6.14.0",  "6.14-rc1", "6.18.44-fc",
                                      "6.100.1", "7.0.0",    "10.2"};
    int other = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int same = open(PID_MAX_FILE, O_RDONLY | O_CLOEXEC);

    for (size_t i = 0; i < sizeof(shared) / sizeof(*shared); i++)
        ok(!namespaces_own_pid_max(shared[i], other), shared[i]);
    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
        ok(namespaces_own_pid_max(own[i], other), own[i]);
        ok(!namespaces_own_pid_max(own[i], same), "... the file is ours, too");
        ok(!namespaces_own_pid_max(own[i], -1), "... nobody knows whose it is");
    }
    close(other);
    close(same);
}

/* Leaves this descriptor's number all over the stack below. */
__attribute__((noinline)) static void litter(int fd)
{
    volatile int rest[16384];

    for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
        rest[i] = fd;
}

/* The first step fails, as on a full disk: nothing is made yet, and nothing of
 * ours may be closed. */
static void test_no_room(void)
{
    char *argv[] = {"true", NULL};
    const struct cage_spec spec = {.argv = argv, .output = OUTPUT_PIPE};
    char *directory = directory_make();
    char *taken = xasprintf("%s/tmp", directory ? directory : "");
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct report report = {0};
    struct cage cage;

    ok(directory != NULL && mkdir(taken, 0700) == 0, "a directory of a run");
    litter(fd);
    char *error = cage_start(&cage, &spec, directory);
    ok(error != NULL &&
           strstr(error, "cannot make a temporary directory") != NULL &&
           strstr(error, "File exists") != NULL,
       "what cannot be made, and why");
    ok(fcntl(fd, F_GETFD) != -1, "our descriptor is still open");
    cage_clear(&cage);
    cage_close(&cage, &report);
    ok(access(taken, F_OK) == -1, "the directory is gone");
    report_free(&report);
    free(error);
    free(taken);
    close(fd);
}

/* What the runner has open, the keeper must not hold: whoever waits for the end
 * of that pipe would wait for the end of the run. */
static void test_keeper_descriptors(void)
{
    char *argv[] = {"sleep", "1000", NULL};
    const struct cage_spec spec = {.argv = argv, .output = OUTPUT_PIPE};
    struct report report = {0};
    struct cage cage;
    int ends[2] = {-1, -1};

    ok(pipe(ends) == 0, "a pipe of the runner");
    char *error = cage_start(&cage, &spec, directory_make());
    if (error == NULL)
        error = cage_go(&cage);
    ok(error == NULL, "a program in a cage");
    close(ends[1]);
    /* The minute is for a failure only. */
    struct pollfd end = {.fd = ends[0], .events = POLLIN};
    ok(poll(&end, 1, 60000) == 1 && (end.revents & POLLHUP) != 0,
       "the keeper does not hold the pipe");
    cage_clear(&cage);
    cage_close(&cage, &report);
    report_free(&report);
    free(error);
    close(ends[0]);
}

static mode_t rights(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 ? info.st_mode & 07777 : 0;
}

/* A directory of others, which `directory` must not take along: behind a link,
 * and mounted in it where that is possible. Returns 1 for each that it does. */
static int take_others(const char *directory, const char *others)
{
    char *kept = xasprintf("%s/kept", others);
    char *link = xasprintf("%s/link", directory);
    char *point = xasprintf("%s/point", directory);
    uid_t uid = geteuid();
    gid_t gid = getegid();
    int taken = 0;

    close(open(kept, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    if (symlink(others, link) == 0) {
        taken += !directory_remove(link);
        taken += access(link, F_OK) == 0 || rights(others) != 0750;
    }
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
        namespaces_map_ids(uid, gid) && mkdir(point, 0700) == 0 &&
        mount(others, point, NULL, MS_BIND, NULL) == 0) {
        taken += directory_remove(point);
        taken += directory_remove(directory);
        taken += rights(point) != 0750;
    }
    taken += access(kept, F_OK) == -1 || rights(others) != 0750;
    return taken;
}

static void test_others(void)
{
    char *directory = directory_make(), *others = directory_make();
    int status = -1;

    chmod(others, 0750);
    pid_t child = fork();
    if (child == 0)
        _exit(take_others(directory, others));
    waitpid(child, &status, 0);
    ok(status == 0, "what is mounted in a directory, or behind a link, stays");
    ok(directory_remove(directory) && access(directory, F_OK) == -1,
       "the directory itself goes");
    ok(directory_remove(others) && directory_remove(others), "... twice");
    free(directory);
    free(others);
}

/* ---- the ledger: calls of this process, that never happen ---- */

static int answer_to(struct ledger *ledger, struct testimony call)
{
    call.kind = HEARD_MAKING;
    call.tid = getpid();
    struct call_answer answer = ledger_answer(ledger, getppid(), &call);
    return answer.proceed ? 0 : answer.error;
}

static int answer_rename(struct ledger *ledger, const char *from,
                         const char *to, int call)
{
    const uint64_t here = (uint64_t)AT_FDCWD;

    return answer_to(ledger, (struct testimony){.call = call,
                                                .args = {here, (uintptr_t)from,
                                                         here, (uintptr_t)to}});
}

static int answer_open(struct ledger *ledger, const char *path)
{
    return answer_to(ledger,
                     (struct testimony){.call = SYS_openat,
                                        .args = {(uint64_t)AT_FDCWD,
                                                 (uintptr_t)path, O_CREAT}});
}

static int answer_limit(struct ledger *ledger, pid_t pid, bool sets)
{
    return answer_to(
        ledger, (struct testimony){.call = SYS_prlimit64,
                                   .args = {(uint64_t)pid, RLIMIT_NOFILE,
                                            sets ? UINT64_C(1) << 32 : 0}});
}

static void test_ledger_moves(struct ledger *ledger, const char *run,
                              const char *home)
{
    char *file = xasprintf("%s/file", run), *other = xasprintf("%s/other", run);
    char *outside = xasprintf("%s/file", home);

    ok(answer_rename(ledger, file, outside, SYS_renameat2) == EXDEV,
       "nothing is moved out of the run's directory");
    ok(answer_rename(ledger, file, outside, SYS_linkat) == EXDEV,
       "... or linked");
    ok(answer_rename(ledger, file, other, SYS_renameat2) == 0,
       "... inside it may");
    ok(answer_rename(ledger, run, outside, SYS_renameat2) == 0,
       "... and the directory itself: it is found again");
    ok(answer_open(ledger, outside) == 0,
       "a command makes files where it likes");
    free(file);
    free(other);
    free(outside);
}

static void test_ledger_kept_out(struct ledger *ledger, const char *run,
                                 const char *home)
{
    char *file = xasprintf("%s/file", run), *other = xasprintf("%s2", home);
    char *outside = xasprintf("%s/file", home);

    ok(answer_open(ledger, outside) == EROFS, "a lab makes no file in HOME");
    ok(answer_rename(ledger, outside, other, SYS_renameat2) == EROFS,
       "... and moves none from there");
    ok(answer_open(ledger, other) == 0, "... a longer name is not below it");
    ok(answer_open(ledger, file) == 0, "... its own directory is, and is open");
    free(file);
    free(other);
    free(outside);
}

static void test_ledger(void)
{
    char *home = directory_make(), *run = xasprintf("%s/run", home);
    struct ledger *ledger, *strict;

    setenv("HOME", home, 1);
    ok(mkdir(run, 0700) == 0, "a directory of a run, in HOME");
    ledger = ledger_new(run, false);
    strict = ledger_new(run, true);
    test_ledger_moves(ledger, run, home);
    test_ledger_kept_out(strict, run, home);
    ok(answer_limit(ledger, getpid(), true) == 0, "limits of its own");
    ok(answer_limit(ledger, getppid(), true) == EPERM, "... of the keeper");
    ok(answer_limit(ledger, 1, true) == EPERM, "... of others");
    ok(answer_limit(ledger, 1, false) == 0, "... may be read");
    ledger_free(ledger);
    ledger_free(strict);
    ok(directory_remove(home), "nothing was made");
    free(run);
    free(home);
}

static void test_names(void)
{
    ok(name_below("/a/b", "/a") && name_below("/a/b/c", "/a"), "below");
    ok(!name_below("/a", "/a") && !name_below("/ab", "/a") &&
           !name_below("/a/b", "") && !name_below("/a", "/"),
       "not below");
}

int main(void)
{
    test_names();
    test_ledger();
    test_others();
    test_pid_max();
    test_no_room();
    test_keeper_descriptors();
    printf("1..%d\n", tests);
    return failures > 0;
}
