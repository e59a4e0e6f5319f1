/* SPDX-License-Identifier: MIT
 *
 * listener: a child whose getppid(2) is answered by its parent, by a seccomp
 * listener: seccomp_unotify(2). It ends with status 0 where the kernel lets it
 * make one, and waits for ever where not, as sandboxes do that do not look.
 * With an argument, it waits for ever in any case.
 */
#include "lab.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static int pair[2];

static void pass(int fd)
{
    char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec vector = {&byte, 1};
    struct msghdr head = {.msg_iov = &vector,
                          .msg_iovlen = 1,
                          .msg_control = control,
                          .msg_controllen = sizeof(control)};
    struct cmsghdr *item = CMSG_FIRSTHDR(&head);

    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(item), &fd, sizeof(int));
    if (sendmsg(pair[0], &head, 0) != 1)
        die("sendmsg");
}

static int take(void)
{
    char byte, control[CMSG_SPACE(sizeof(int))];
    struct iovec vector = {&byte, 1};
    struct msghdr head = {.msg_iov = &vector,
                          .msg_iovlen = 1,
                          .msg_control = control,
                          .msg_controllen = sizeof(control)};
    int fd;

    struct cmsghdr *first =
        recvmsg(pair[1], &head, 0) == 1 ? CMSG_FIRSTHDR(&head) : NULL;
    if (first == NULL)
        die("recvmsg");
    memcpy(&fd, CMSG_DATA(first), sizeof(int));
    return fd;
}

static void be_answered(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {sizeof(code) / sizeof(*code), code};

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (listener == -1)
        for (;;)
            pause();
    pass(listener);
    _exit(getppid() == 42 ? 0 : 1);
}

static void answer(int listener)
{
    union {
        struct seccomp_notif notice;
        char bytes[1024];
    } heard = {.bytes = {0}};
    union {
        struct seccomp_notif_resp answer;
        char bytes[1024];
    } said = {.bytes = {0}};

    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &heard) == -1)
        die("ioctl");
    said.answer.id = heard.notice.id;
    said.answer.val = 42;
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &said) == -1)
        die("ioctl");
}

int main(int argc, char **argv)
{
    int status = 1;

    (void)argv;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
        die("socketpair");
    pid_t child = fork();
    if (child == 0)
        be_answered();
    answer(take());
    waitpid(child, &status, 0);
    /* NOLINTNEXTLINE(bugprone-infinite-loop): that is asked for */
    while (argc > 1)
        pause();
    return WEXITSTATUS(status);
}
