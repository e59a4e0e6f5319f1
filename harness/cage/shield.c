/* SPDX-License-Identifier: MIT
 *
 * shield: see shield.h.
 */
#define _GNU_SOURCE
#include "cage/shield.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/syscalls.h"

/* Since glibc 2.36 in <sys/mount.h>. */
#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 0x1
#endif
#ifndef MOUNT_ATTR_NODEV
#define MOUNT_ATTR_NODEV 0x4
#endif

/* Settings of the machine: files that root may write by their permissions
 * alone, with no capability. proc(5) */
static const char *const settings[] = {"/proc/sys", "/proc/sysrq-trigger",
                                       "/proc/irq", "/proc/bus",
                                       "/proc/fs",  "/proc/scsi"};

/* Devices that are no hardware, and those that programs share. */
static const char *const devices[] = {
    "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
    "/dev/tty",  "/dev/fuse", "/dev/kvm",  "/dev/dri",    "/dev/snd"};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Changes attributes of the mount at path; with AT_RECURSIVE, also of those
 * below. False with errno: EINVAL if it is no mount point. */
static bool change(const char *path, unsigned how, unsigned set, unsigned clear)
{
    struct {
        unsigned long long set, clear, propagation, userns;
    } attributes = {.set = set, .clear = clear};

    return syscall(SYS_mount_setattr, AT_FDCWD, path, how, &attributes,
                   sizeof(attributes)) == 0;
}

static bool bind_over(const char *from, const char *to)
{
    return mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0;
}

/* ---- terminals ---- */

/* The runner's terminal, where it is none of /dev/pts: a console, a serial
 * line. To be called before /dev/pts is covered: afterwards ttyname(3) finds no
 * pseudoterminal. */
static void hide_console(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        char name[64];
        if (isatty(fd) && ttyname_r(fd, name, sizeof(name)) == 0 &&
            strncmp(name, "/dev/pts/", 9) != 0)
            bind_over("/dev/null", name);
    }
}

/* A pts(4) instance of its own. /dev/ptmx finds it by itself if it is a device:
 * it uses what is mounted beside it. */
static bool own_terminals(void)
{
    hide_console();
    return mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
                 "newinstance,ptmxmode=0666,mode=0620") == 0;
}

/* ---- for root ---- */

/* /proc itself is writable again in open_own(): what is below stays. */
static void hold_settings(void)
{
    for (size_t i = 0; i < LENGTH(settings); i++)
        bind_over(settings[i], settings[i]);
    change("/proc", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0);
}

/* Root may open a disk by its permissions alone. So devices are off in /dev
 * (mount(8), nodev), but not in a mount of a single device over itself. A
 * read-only mount lets a device be written, but not be removed. */
static void hold_devices(void)
{
    struct stat info;

    if (!change("/dev", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0) &&
        !(bind_over("/dev", "/dev") &&
          change("/dev", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0)))
        return;
    for (size_t i = 0; i < LENGTH(devices); i++)
        bind_over(devices[i], devices[i]);
    if (lstat("/dev/ptmx", &info) == 0 && S_ISCHR(info.st_mode))
        bind_over("/dev/pts/ptmx", "/dev/ptmx");
    change("/dev", 0, MOUNT_ATTR_NODEV, 0);
}

/* ---- all ---- */

/* What the keeper has mounted for the program is writable again. */
static void open_own(const struct mounts *mounts, const char *directory)
{
    const char *const own[] = {directory,
                               "/proc",
                               mounts->own_terminals ? "/dev/pts" : NULL,
                               mounts->own_shm ? "/dev/shm" : NULL,
                               mounts->over[0] ? "/tmp" : NULL,
                               mounts->over[1] ? "/var/tmp" : NULL};

    for (size_t i = 0; i < LENGTH(own); i++)
        if (own[i] != NULL)
            change(own[i], 0, 0, MOUNT_ATTR_RDONLY);
}

void shield_make(struct mounts *mounts, const char *directory, bool only_own)
{
    bool root = geteuid() == 0;

    mounts->own_terminals = own_terminals();
    if (root) {
        hold_settings();
        hold_devices();
    }
    change("/sys", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0);
    /* Only if the run's directory can be opened again: is it a mount point? */
    if (only_own && change(directory, 0, 0, MOUNT_ATTR_RDONLY))
        change("/", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0);
    open_own(mounts, directory);
}
