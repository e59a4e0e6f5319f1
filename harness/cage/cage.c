/* SPDX-License-Identifier: MIT
 *
 * cage: see cage.h. The runner's side of the cage; parts.h lists the others.
 */
#define _GNU_SOURCE
#include "cage/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "cage/directory.h"
#include "cage/ledger.h"
#include "cage/parts.h"
#include "cage/witness.h"
#include "linux/pidfd.h"
#include "linux/proc.h"
#include "linux/syscalls.h"

/* fork(2) with new namespaces, for which glibc has no wrapper. A raw clone(2)
 * is safe here: the runner has one thread, and so has the keeper. */
static pid_t fork_keeper(enum hold hold)
{
    unsigned long flags = SIGCHLD;

    if (hold != HOLD_SUBREAPER)
        flags |= CLONE_NEWPID | CLONE_NEWNS;
    if (hold == HOLD_USER_NS)
        flags |= CLONE_NEWUSER | CLONE_NEWIPC;
    return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
}

/* Starts a keeper and waits until it is set up. Returns 0, or errno. */
static int start_keeper(const struct cage_spec *spec, struct channels *channels,
                        struct cage *cage, enum hold hold)
{
    struct keeper_hello hello = {.error = ECHILD};

    cage->processors = processors_read();
    cage->keeper = fork_keeper(hold);
    if (cage->keeper == -1)
        return errno;
    if (cage->keeper == 0)
        keeper_run(spec, channels, cage, hold);
    processors_part(cage->keeper, &cage->processors);
    cage->threads =
        spec->may_have_threads == NULL || spec->may_have_threads(spec->argv);
    ssize_t got;
    do
        got = read(channels->status[0], &hello, sizeof(hello));
    while (got == -1 && errno == EINTR);
    if (got != sizeof(hello))
        hello.error = ECHILD;
    processors_give(cage->keeper, &cage->processors);
    if (hello.error) {
        kill(cage->keeper, SIGKILL);
        waitpid(cage->keeper, NULL, __WALL);
        cage->keeper = -1;
    }
    cage->mounts = hello.mounts;
    cage->own_user = hello.own_user;
    return hello.error;
}

static void name_directory(struct cage *cage, char *directory)
{
    free(cage->directory);
    free(cage->inside);
    cage->directory = directory;
    cage->inside = directory ? xasprintf("%s/tmp", directory) : NULL;
}

static void open_directory(struct cage *cage)
{
    cage->directory_fd =
        open(cage->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Makes the program's part of it, and what is around it if that is not made
 * yet. False with errno. */
static bool make_directory(struct cage *cage)
{
    if (cage->directory == NULL || cage->make_directory)
        name_directory(cage, directory_make());
    cage->make_directory = false;
    if (cage->directory == NULL || mkdir(cage->inside, 0700) == -1)
        return false;
    open_directory(cage);
    return true;
}

/* Starts a keeper with the strongest *hold that works here. FORKLAB_CAGE=plain
 * asks for the weakest, for tests. Returns NULL, or why it cannot be started,
 * which the caller frees. */
static char *start_strongest(const struct cage_spec *spec,
                             struct channels *channels, struct cage *cage,
                             enum hold *hold)
{
    const char *wish = getenv("FORKLAB_CAGE");
    int error = EPERM;

    *hold = geteuid() == 0 ? HOLD_NAMESPACES : HOLD_USER_NS;
    if (wish == NULL || strcmp(wish, "plain") != 0)
        error = start_keeper(spec, channels, cage, *hold);
    if (error) {
        *hold = HOLD_SUBREAPER;
        cage->mounts = (struct mounts){0};
        if (cage->make_directory && !make_directory(cage))
            return directory_make_error(errno);
        cage->ledger = ledger_new(cage->directory, spec->own_directory);
        error = start_keeper(spec, channels, cage, *hold);
    }
    return error ? xasprintf("cannot start a process: %s", strerror(error))
                 : NULL;
}

/* Does the kernel have Landlock's scope of signals (version 6 of its ABI)? */
static bool landlock_scopes_signals(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1U) >= 6;
}

static const char *held_by(enum hold hold)
{
    return hold != HOLD_SUBREAPER      ? "pid, ipc and mount namespace"
           : landlock_scopes_signals() ? "kill loop, Landlock"
                                       : "kill loop";
}

char *cage_describe(const struct cage *cage)
{
    return xasprintf("%s%s%s%s", cage->own_user ? "user, " : "", cage->held_by,
                     cage->mounts.fresh_tmp ? ", fresh /tmp" : "",
                     cage->witness == -1 ? "" : ", seccomp witness");
}

/* Children that the runner had before (a server, the guard of a directory) are
 * not the program's, and must not be killed with it. */
static void note_our_children(struct cage *cage)
{
    struct pids children = {0};

    proc_children(getpid(), &children);
    for (size_t i = 0; i < children.count; i++)
        if (children.pid[i] != cage->keeper)
            pids_add(&cage->spared, children.pid[i]);
    pids_free(&children);
}

char *cage_start(struct cage *cage, const struct cage_spec *spec,
                 char *directory)
{
    struct channels channels;
    enum hold hold;
    int ignored_fd;

    memset(&channels, -1, sizeof(channels)); /* none is open yet */
    *cage = (struct cage){.keeper = -1,
                          .out = {-1, -1},
                          .witness = -1,
                          .status = -1,
                          .life = -1,
                          .go = -1,
                          .uid = geteuid(),
                          .gid = getegid(),
                          .output = spec->output,
                          .directory_fd = -1,
                          .terminal = terminal_save()};
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    bool later = directory == NULL && spec->output != OUTPUT_FILE;
    name_directory(cage, later ? directory_in_tmp() : directory);
    cage->make_directory = later && cage->directory != NULL;
    if (!cage->make_directory && !make_directory(cage))
        return directory_make_error(errno);
    if (channels_open(&channels, spec->output, cage->directory) == -1) {
        char *why = xasprintf("cannot make pipes: %s", strerror(errno));
        channels_close(&channels);
        return why;
    }
    char *error = start_strongest(spec, &channels, cage, &hold);
    if (error != NULL) {
        channels_close(&channels);
        return error;
    }
    if (cage->make_directory && !cage->mounts.own_directory)
        open_directory(cage);
    close_fd(&channels.sync[1]);
    if (!receive_int(channels.sync[0], &cage->nspid, &cage->first,
                     &ignored_fd)) {
        channels_close(&channels);
        return xstrdup("the program's process died before it began");
    }
    cage->out[0] = channels.out[0];
    cage->out[1] = channels.err[0];
    cage->status = channels.status[0];
    cage->life = channels.life[1];
    cage->namespaces = hold != HOLD_SUBREAPER;
    cage->held_by = held_by(hold);
    if (!cage->namespaces)
        note_our_children(cage);
    cage->go = channels.sync[0];
    channels.sync[0] = channels.out[0] = channels.err[0] = channels.status[0] =
        channels.life[1] = -1;
    channels_close(&channels);
    return NULL;
}

/* If execve(2) is witnessed, the exec that starts the program waits for our
 * answer; a search in PATH may take several. The next call that is heard is the
 * program's own: it is kept as pending_call for the watcher. (`go` may reach
 * its end later than that: other processes hold it, too.) True when the program
 * has started, or could not be started. */
static bool let_it_start(struct cage *cage)
{
    struct pollfd news[2] = {{.fd = cage->go, .events = POLLIN},
                             {.fd = cage->witness, .events = POLLIN}};
    struct testimony heard;

    if (poll(news, 2, -1) == -1)
        return errno != EINTR;
    if (news[0].revents != 0 || !(news[1].revents & POLLIN))
        return true;
    if (witness_hear(cage->witness, &heard) != HEARING_CALL)
        return false;
    if (heard.work == WORK_PROGRAM) {
        witness_release(cage->witness, &heard,
                        (struct call_answer){.proceed = true});
        return false;
    }
    cage->pending_call = heard;
    cage->call_pending = true;
    return true;
}

char *cage_go(struct cage *cage)
{
    int error = 0, ignored_fd;
    pid_t ignored;

    send_int(cage->go, cage->threads, -1);
    if (!receive_int(cage->go, &error, &ignored, &cage->witness))
        return xstrdup("its process died before it began");
    cage->listed = cage->ledger != NULL && cage->witness != -1;
    while (!let_it_start(cage))
        ;
    /* exec closes the program's end: then this is the end of the channel. */
    bool failed = receive_int(cage->go, &error, &ignored, &ignored_fd);
    close_fd(&cage->go);
    return failed ? xstrdup(strerror(error)) : NULL;
}

/* Waits for the keeper to end: pidfd_open(2), Linux 5.3. False if neither it
 * nor a descendant runs any more, see is_stubborn(); *left is then how many
 * they are. */
static bool keeper_ended(const struct cage *cage, int *left)
{
    struct pollfd keeper = {.fd = pidfd(cage->keeper), .events = POLLIN};
    struct patience patience = {0};
    bool ended = keeper.fd == -1, stubborn = false;

    while (!ended && !stubborn) {
        struct pids found = {0};
        ended = poll(&keeper, 1, LOOK_MS) == 1;
        if (!ended) {
            pids_add(&found, cage->keeper);
            find_descendants(cage->keeper, &(struct pids){0}, false, &found);
            stubborn = is_stubborn(&patience, &found);
        }
        *left = ended ? 0 : (int)found.count;
        pids_free(&found);
    }
    if (ended)
        waitpid(cage->keeper, NULL, __WALL);
    close_fd(&keeper.fd);
    return ended;
}

int cage_clear(struct cage *cage)
{
    int left = 0;

    if (cage->keeper != -1) {
        /* When the init of a PID namespace is killed, the kernel kills all
         * others in it, and they end before it does: pid_namespaces(7). */
        if (cage->namespaces)
            kill(cage->keeper, SIGKILL);
        ssize_t ignored = write(cage->life, "", 1);
        (void)ignored;
        close_fd(&cage->life);
        if (!keeper_ended(cage, &left) && !cage->namespaces) {
            kill(cage->keeper, SIGKILL);
            keeper_ended(cage, &left);
        }
        cage->keeper = -1;
        /* Descendants of a keeper that was killed are our children now. */
        if (!cage->namespaces)
            left = kill_descendants(&cage->spared);
        if (cage->ledger != NULL)
            cage->not_removed = ledger_remove_all(cage->ledger);
    }
    return left;
}

/* Without namespaces and without a witness, the ledger is not complete: new
 * files in /tmp may then be of other programs. */
static void note_looked_at(const struct cage *cage, struct report *report)
{
    report->tmp_shared =
        cage->namespaces ? !cage->mounts.fresh_tmp : !cage->listed;
    report->ipc_shared = !cage->namespaces && !cage->listed;
    report->apart =
        cage->namespaces && cage->mounts.fresh_tmp && cage->mounts.own_shm;
    if (cage->namespaces && cage->mounts.note[0] != '\0')
        report->tmp_note = xstrdup(cage->mounts.note);
}

void cage_close(struct cage *cage, struct report *report)
{
    note_looked_at(cage, report);
    if (cage->mounts.own_terminals)
        close_fd(&cage->terminal.fd);
    terminal_restore(&cage->terminal);
    char *left =
        cage->directory == NULL || cage->mounts.own_directory
            ? NULL
            : directory_remove_renamed(cage->directory, cage->directory_fd);
    report->not_removed = left != NULL ? left : cage->not_removed;
    if (left != NULL)
        free(cage->not_removed);
    pids_free(&cage->spared);
    close_fd(&cage->directory_fd);
    close_fd(&cage->go);
    close_fd(&cage->out[0]);
    close_fd(&cage->out[1]);
    close_fd(&cage->witness);
    close_fd(&cage->status);
    close_fd(&cage->life);
    free(cage->directory);
    free(cage->inside);
    ledger_free(cage->ledger);
    cage->ledger = NULL;
    cage->directory = cage->inside = cage->not_removed = NULL;
}
