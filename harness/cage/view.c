/* SPDX-License-Identifier: MIT
 *
 * view: see view.h.
 */
#define _GNU_SOURCE
#include "cage/view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "linux/namespaces.h"
#include "linux/syscalls.h"

/* Of linux/mount.h, which some libc's sys/mount.h lacks, and clashes with. */
#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 0x1
#endif
#ifndef MOUNT_ATTR_NOSUID
#define MOUNT_ATTR_NOSUID 0x2
#endif

#define NOBODY 65534
#define WHERE                                                                  \
    "/tmp" /* the new root is built over it: it is on every machine            \
            */

/* Entries of / that are visible. Those with people's files, or that identify
 * the machine, are not: home, root, mnt, media, srv, tmp, var, and most of etc
 * and sys. */
static const char *const system_directories[] = {
    "bin", "sbin", "lib", "lib32", "lib64", "libx32",
    "usr", "dev",  "nix", "gnu",   NULL};

/* What the loader, the C library and the compilers' links need of /etc, and
 * what a program asks of /sys about processors and pages. static: NixOS. */
static const char *const system_parts[] = {"etc/ld.so.cache",
                                           "etc/ld.so.conf",
                                           "etc/ld.so.conf.d",
                                           "etc/ld-musl-x86_64.path",
                                           "etc/ld-musl-aarch64.path",
                                           "etc/alternatives",
                                           "etc/static",
                                           "etc/localtime",
                                           "sys/devices/system/cpu",
                                           "sys/devices/system/node",
                                           "sys/kernel/mm",
                                           NULL};

/* Files that are the same in each view. */
static const struct text_file {
    const char *path, *text;
} own_files[] = {
    {WHERE "/etc/passwd", "root:x:0:0::/:/bin/sh\n"
                          "nobody:x:65534:65534::/:/bin/sh\n"},
    {WHERE "/etc/group", "root:x:0:\nnogroup:x:65534:\n"},
    {WHERE "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"},
    {WHERE "/etc/nsswitch.conf", "passwd: files\ngroup: files\n"
                                 "hosts: files\n"},
};

/* ---- who we are ---- */

static bool become_nobody(int results)
{
    if (geteuid() != 0)
        return true;
    if (results != -1 && fchown(results, NOBODY, NOBODY) == -1)
        return false;
    return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
           setresuid(NOBODY, NOBODY, NOBODY) == 0 &&
           /* Else /proc/self belongs to root, and with it our uid_map. */
           prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

/* ---- what we see ---- */

static bool make_directory(const char *path, mode_t mode)
{
    return mkdir(path, mode) == 0 && chmod(path, mode) == 0;
}

/* Read-only with all that is mounted below: mount_setattr(2), Linux 5.12. */
static bool read_only(const char *path)
{
    struct {
        unsigned long long set, clear, propagation, userns;
    } change = {.set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID};

    return syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &change,
                   sizeof(change)) == 0;
}

/* Makes the directories above a path below WHERE. */
static bool make_directories_above(const char *path)
{
    char part[128];
    bool good = true;

    for (const char *at = path + strlen(WHERE) + 1;
         good && (at = strchr(at, '/')) != NULL; at++) {
        snprintf(part, sizeof(part), "%.*s", (int)(at - path), path);
        good = make_directory(part, 0755) || errno == EEXIST;
    }
    return good;
}

/* One directory of /, or a file or directory further down, which may be a
 * symbolic link (bin -> usr/bin) or missing. */
static bool bring(const char *name, bool writable)
{
    char target[256], from[64], to[64];
    struct stat info;

    snprintf(from, sizeof(from), "/%s", name);
    snprintf(to, sizeof(to), WHERE "/%s", name);
    if (lstat(from, &info) == -1)
        return errno == ENOENT;
    if (!make_directories_above(to))
        return false;
    if (S_ISLNK(info.st_mode)) {
        ssize_t length = readlink(from, target, sizeof(target) - 1);
        target[length > 0 ? length : 0] = '\0';
        return length > 0 && symlink(target, to) == 0;
    }
    return (S_ISDIR(info.st_mode) ? make_directory(to, 0755)
                                  : file_new(to, "", 0)) &&
           mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0 &&
           (writable || read_only(to));
}

static bool new_tmpfs(const char *path, const char *options)
{
    return mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

static bool write_own_files(void)
{
    bool good = make_directory(WHERE "/etc", 0755) || errno == EEXIST;

    for (size_t i = 0; good && i < sizeof(own_files) / sizeof(own_files[0]);
         i++)
        good = file_new(own_files[i].path, own_files[i].text,
                        strlen(own_files[i].text));
    return good;
}

static bool build_root(void)
{
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
        !new_tmpfs(WHERE, "mode=755,size=16m"))
        return false;
    for (const char *const *name = system_directories; *name != NULL; name++)
        if (!bring(*name, false))
            return false;
    for (const char *const *name = system_parts; *name != NULL; name++)
        if (!bring(*name, false))
            return false;
    if (!write_own_files())
        return false;
    /* The cage writes to /proc/self/uid_map before it has a /proc of its own.
     */
    return bring("proc", true) && make_directory(WHERE "/tmp", 01777) &&
           make_directory(WHERE "/var", 0755) &&
           make_directory(WHERE "/var/tmp", 01777) &&
           make_directory(WHERE VIEW_DIRECTORY, 0700) &&
           new_tmpfs(WHERE VIEW_DIRECTORY, "mode=700,size=25%") &&
           new_tmpfs(WHERE "/tmp", "mode=1777,size=25%");
}

/* pivot_root(2): the old root is put over the new one and taken away. */
static bool change_root(void)
{
    return chdir(WHERE) == 0 && syscall(SYS_pivot_root, ".", ".") == 0 &&
           umount2(".", MNT_DETACH) == 0 && chdir("/") == 0 &&
           mount(NULL, "/", NULL,
                 MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
                 NULL) == 0 &&
           chdir(VIEW_DIRECTORY) == 0;
}

/* A new network has only a loopback device, and that is down. */
static bool loopback_up(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};

    if (fd == -1)
        return false;
    bool up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    close(fd);
    return up;
}

char *view_enter(int results)
{
    const char *step = "become nobody";

    if (become_nobody(results)) {
        uid_t uid = geteuid();
        gid_t gid = getegid();
        step = "make namespaces";
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC |
                    CLONE_NEWUTS) == 0 &&
            namespaces_map_ids(uid, gid) && sethostname("localhost", 9) == 0 &&
            setdomainname("", 0) == 0) {
            step = "bring the loopback device up";
            if (loopback_up()) {
                step = "make a root directory";
                if (build_root() && change_root()) {
                    setenv("TMPDIR", "/tmp", 1);
                    return NULL;
                }
            }
        }
    }
    return xasprintf("cannot %s: %s", step, strerror(errno));
}

bool view_possible(void)
{
    int status;

    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        char *error = view_enter(-1);
        _exit(error == NULL ? 0 : 1);
    }
    return child != -1 && waitpid(child, &status, 0) == child && status == 0;
}

bool view_own_network(void)
{
    return unshare(CLONE_NEWNET) == 0 && loopback_up();
}

bool view_seal(void)
{
    return mount(NULL, VIEW_DIRECTORY, NULL,
                 MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
                 NULL) == 0;
}
