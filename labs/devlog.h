/* SPDX-License-Identifier: MIT
 *
 * devlog.h: a /dev/log of the lab's own. Included by lab 39, after lab.h.
 *
 * syslog(3) sends its lines to the socket /dev/log, and no other: a lab that
 * logs would write to the log of your machine. So here is a /dev of our own, in
 * a mount namespace, and in it a log that nobody reads until the lab does.
 *
 *   own_log()             before there are threads; skips the lab where the
 *                         kernel refuses
 *   fill_log()            ... until it takes no further line
 *   read_log(log, flags, "shop: ", line)
 *                         the next line of that program, without what is before
 *                         its name; waits for it, or, with MSG_DONTWAIT, says
 *                         false if there is none
 *   wait_for_send(tid)    returns when that thread of ours sleeps, in send(2)
 */
#ifndef FORKLAB_DEVLOG_H
#define FORKLAB_DEVLOG_H

#include <sys/mount.h>
#include <sys/un.h>

static const struct sockaddr_un devlog = {AF_UNIX, "/dev/log"};

__attribute__((noreturn)) static inline void no_own_log(const char *what)
{
    say("lab: no /dev/log of its own here: %s: error %d (see errno(3))", what,
        errno);
    _exit(77);
}

static inline void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd == -1 || write(fd, text, strlen(text)) == -1)
        no_own_log(path);
    close(fd);
}

/* The user that we are is 0 in there: who is nobody may make no socket. */
static inline void map_user(const char *path, long id)
{
    char map[40] = "";
    size_t used = 0;

    lab_append(map, sizeof(map) - 1, &used, "0 ");
    lab_append_number(map, sizeof(map) - 4, &used, id, 10);
    lab_append(map, sizeof(map) - 1, &used, " 1");
    write_file(path, map);
}

static inline int own_log(void)
{
    long user = geteuid(), group = getegid();

    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
        no_own_log("unshare");
    write_file("/proc/self/setgroups", "deny");
    map_user("/proc/self/uid_map", user);
    map_user("/proc/self/gid_map", group);
    if (mount("none", "/dev", "tmpfs", 0, NULL) == -1)
        no_own_log("mount");
    int log = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (log == -1 ||
        bind(log, (const struct sockaddr *)&devlog, sizeof(devlog)) == -1)
        die("bind");
    return log;
}

static inline void fill_log(void)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd == -1)
        die("socket");
    while (sendto(fd, "-", 1, 0, (const struct sockaddr *)&devlog,
                  sizeof(devlog)) == 1)
        continue;
    close(fd);
}

static inline bool read_log(int log, int flags, const char *program,
                            char line[200])
{
    ssize_t got;

    while ((got = recv(log, line, 199, flags)) != -1) {
        if (got > 0 && line[got - 1] == '\n') /* musl's syslog() */
            got--;
        line[got] = '\0';
        char *start = strstr(line, program);
        if (start != NULL) {
            memmove(line, start, strlen(start) + 1);
            return true;
        }
    }
    return false;
}

static inline void wait_for_send(pid_t tid)
{
    char path[64] = "";
    size_t used = 0;

    lab_append(path, sizeof(path) - 6, &used, "/proc/self/task/");
    lab_append_number(path, sizeof(path) - 6, &used, tid, 10);
    lab_append(path, sizeof(path) - 1, &used, "/stat");
    int stat = open(path, O_RDONLY | O_CLOEXEC);
    if (stat == -1)
        die("open");
    wait_until_asleep(stat);
    close(stat);
}

#endif
