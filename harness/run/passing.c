/* SPDX-License-Identifier: MIT
 *
 * passing: see passing.h.
 */
#define _GNU_SOURCE
#include "run/passing.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/remote.h"
#include "linux/sockets.h"
#include "linux/syscalls.h"

#define MAX_CONTROL 65536 /* bytes of one message that are looked at */
#define MAX_MESSAGES 1024 /* UIO_MAXIOV: of one sendmmsg(2) */

/* ---- to whom ---- */

/* Has a process of the tree this socket open? */
static bool tree_has(pid_t root, ino_t inode)
{
    struct snapshot tree;
    struct fileid id;
    bool has = false;

    snapshot_take(&tree, root, NULL);
    for (size_t i = 0; !has && i < tree.process_count; i++) {
        struct pids fds = {0};
        pid_t pid = tree.process[i].thread_count > 0
                        ? tree.thread[tree.process[i].first_thread].tid
                        : tree.process[i].pid;
        proc_descriptors(pid, &fds);
        for (size_t k = 0; !has && k < fds.count; k++)
            has = fileid_of(pid, fds.pid[k], &id) && id.socket &&
                  id.inode == inode;
        pids_free(&fds);
    }
    snapshot_free(&tree);
    return has;
}

/* Is the other end of the socket, which is that descriptor of the process, open
 * in the tree only? If it is not accepted yet, its listener counts. */
static bool stays_inside(struct passing *passing, pid_t root, pid_t pid, int fd)
{
    struct sockets sockets;
    struct fileid id;
    ino_t other = 0;

    if (!fileid_of(pid, fd, &id) || !id.socket)
        return false;
    if (fileids_have(&passing->pairs, id.inode))
        return true;
    sockets_open(&sockets, pid);
    const struct socket_info *socket =
        sockets_find(&sockets, pid, fd, id.inode);
    if (socket != NULL && !socket->tcp)
        other = socket->peer != 0 ? socket->peer
                                  : sockets_pending_at(&sockets, id.inode);
    bool fixed = socket != NULL && !socket->datagram && socket->peer != 0;
    sockets_free(&sockets);
    bool inside = other != 0 && !passing->passed.any &&
                  !fileids_have(&passing->passed.files, other) &&
                  tree_has(root, other);
    if (inside && fixed) {
        fileids_add(&passing->pairs, id);
        fileids_add(&passing->pairs, (struct fileid){.inode = other});
    }
    return inside;
}

/* ---- what ---- */

/* A socket that leaves takes along what others of the tree have sent to it. */
static void pass_out(struct passing *passing, pid_t pid, int fd)
{
    struct fileid id;

    if (!fileid_of(pid, fd, &id)) {
        passing->passed.any = true;
    } else if (id.anonymous) {
        passing->passed.anonymous = true;
    } else {
        fileids_add(&passing->passed.files, id);
        if (id.socket)
            fileids_free(&passing->pairs);
        passing->passed.any |= id.socket && passing->inside;
    }
}

static void pass(struct passing *passing, pid_t pid, int fd, bool inside)
{
    struct fileid id;

    /* One that is on its way has no descriptor. */
    passing->ring |= fileid_of(pid, fd, &id) && id.ring;
    passing->inside |= inside;
    if (!inside)
        pass_out(passing, pid, fd);
}

/* The descriptors in a message's control data. */
static void pass_control(struct passing *passing, pid_t pid, const char *bytes,
                         size_t size, bool inside)
{
    struct cmsghdr head;

    for (size_t at = 0; at + sizeof(head) <= size;
         at += CMSG_ALIGN(head.cmsg_len)) {
        memcpy(&head, bytes + at, sizeof(head));
        if (head.cmsg_len < sizeof(head) || head.cmsg_len > size - at)
            break;
        if (head.cmsg_level != SOL_SOCKET || head.cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t k = CMSG_LEN(0); k + sizeof(int) <= head.cmsg_len;
             k += sizeof(int)) {
            int fd;
            memcpy(&fd, bytes + at + k, sizeof(fd));
            pass(passing, pid, fd, inside);
        }
    }
}

/* A message that is being sent. What cannot be read may pass anything. */
static void hear_message(struct passing *passing, pid_t root, pid_t pid,
                         const struct testimony *heard, unsigned long address)
{
    static char control[MAX_CONTROL];
    struct msghdr message;

    if (!remote_read(heard->tid, address, &message, sizeof(message))) {
        passing->passed.any = true;
        return;
    }
    if (message.msg_controllen == 0)
        return;
    if (message.msg_controllen > sizeof(control) ||
        !remote_read(heard->tid, (unsigned long)message.msg_control, control,
                     message.msg_controllen)) {
        passing->passed.any = true;
        return;
    }
    int fd = (int)heard->args[0];
    bool inside =
        message.msg_namelen == 0 && stays_inside(passing, root, pid, fd);
    pass_control(passing, pid, control, message.msg_controllen, inside);
}

/* Has recvmsg(2) no room for descriptors? */
static bool takes_none(const struct testimony *heard)
{
    struct msghdr message;

    return remote_read(heard->tid, (unsigned long)heard->args[1], &message,
                       sizeof(message)) &&
           message.msg_controllen == 0;
}

void passing_hear(struct passing *passing, pid_t root, pid_t pid,
                  const struct testimony *testimony)
{
    unsigned long address = (unsigned long)testimony->args[1];
    unsigned count =
        testimony->call == SYS_sendmmsg ? (unsigned)testimony->args[2] : 1;
    int fd = (int)testimony->args[0];

    if (testimony->call == SYS_recvmsg || testimony->call == SYS_recvmmsg) {
        if (testimony->call == SYS_recvmsg && takes_none(testimony))
            return;
        int family = socket_family(pid, fd);
        passing->passed.any |= (family == AF_UNIX || family == -1) &&
                               !stays_inside(passing, root, pid, fd);
        return;
    }
    for (unsigned i = 0; i < count && i < MAX_MESSAGES; i++)
        hear_message(passing, root, pid, testimony,
                     address + i * sizeof(struct mmsghdr));
}

void passing_free(struct passing *passing)
{
    fileids_free(&passing->passed.files);
    fileids_free(&passing->pairs);
    *passing = (struct passing){0};
}
