/* SPDX-License-Identifier: MIT
 *
 * rights: see rights.h.
 */
#define _GNU_SOURCE
#include "cage/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cage/filter.h"
#include "linux/syscalls.h"

/* ---- keys and capabilities ---- */

void rights_own_keyring(void)
{
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}

/* Those that concern files, users and sockets. */
#define BIT(capability) (UINT64_C(1) << (capability))
#define KEPT                                                                   \
    (BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) |                \
     BIT(CAP_FSETID) | BIT(CAP_KILL) | BIT(CAP_SETGID) | BIT(CAP_SETUID) |     \
     BIT(CAP_SETPCAP) | BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_NET_RAW) |         \
     BIT(CAP_IPC_LOCK) | BIT(CAP_IPC_OWNER) | BIT(CAP_SYS_CHROOT) |            \
     BIT(CAP_LEASE) | BIT(CAP_AUDIT_WRITE) | BIT(CAP_SETFCAP))

void rights_drop_capabilities(void)
{
    struct __user_cap_header_struct head = {.version =
                                                _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];

    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    /* Else exec would give them back to root. */
    for (int capability = 0; capability < 64; capability++)
        if (!(KEPT & BIT(capability)) &&
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == -1)
            break;
    if (syscall(SYS_capget, &head, sets) == -1)
        return;
    for (int half = 0; half < 2; half++) {
        uint32_t kept = (uint32_t)(KEPT >> (32 * half));
        sets[half].effective &= kept;
        sets[half].permitted &= kept;
        sets[half].inheritable &= kept;
    }
    syscall(SYS_capset, &head, sets);
}

/* ---- calls that are refused ---- */

#define REFUSED (SECCOMP_RET_ERRNO | EPERM)

static const struct filter_rule refusals[] = {
    {.call = SYS_add_key, .action = REFUSED},
    {.call = SYS_request_key, .action = REFUSED},
    {.call = SYS_keyctl, .action = REFUSED},
    {SYS_ioctl, 1, FILTER_EQUAL, TIOCSTI, REFUSED},
    {SYS_ioctl, 1, FILTER_EQUAL, TIOCLINUX, REFUSED},
};

bool rights_filter(struct filter *filter, const pid_t *ours, size_t count)
{
    filter_begin(filter, SECCOMP_RET_ALLOW);
    for (size_t i = 0; i < count; i++) {
        struct filter_rule rule = {SYS_prlimit64, 0, FILTER_EQUAL,
                                   (unsigned)ours[i], REFUSED};
        filter_add(filter, &rule, 1);
    }
    filter_add(filter, refusals, sizeof(refusals) / sizeof(refusals[0]));
    return filter_end(filter);
}

void rights_refuse(const pid_t *ours, size_t count)
{
    struct filter filter;
    struct sock_fprog program = {.filter = filter.code};

    if (!rights_filter(&filter, ours, count) ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        return;
    program.len = filter.length;
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0UL, &program);
}

/* ---- Landlock ---- */

/* Rights of <linux/landlock.h>, which older headers lack: to write to a file,
 * to remove and to make entries of each kind; to move between directories since
 * version 2 of the ABI, to truncate since version 3. */
#define MAKE_BLOCK (UINT64_C(1) << 11)
#define CHANGES (UINT64_C(1) << 1 | UINT64_C(0x1ff) << 4)
#define MOVES (UINT64_C(1) << 13)
#define TRUNCATES (UINT64_C(1) << 14)
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

static void allow_below(int ruleset, const char *path, uint64_t rights)
{
    struct {
        uint64_t rights;
        int32_t directory;
    } __attribute__((packed))
    rule = {.rights = rights,
            .directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)};

    if (rule.directory == -1)
        return;
    syscall(SYS_landlock_add_rule, ruleset, 1 /* ..._PATH_BENEATH */, &rule,
            0U);
    close(rule.directory);
}

static void allow_own(int ruleset, const char *only, uint64_t rights)
{
    const char *const places[] = {only, "/tmp", "/var/tmp", "/dev", "/proc"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        allow_below(ruleset, places[i], rights);
}

/* Before 6.12 a domain must forbid something: here, to make block devices.
 * Older headers lack the third member of the attributes. */
bool rights_landlock(const char *only)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1U);
    struct {
        uint64_t handled_access_fs, handled_access_net, scoped;
    } rules = {0};

    if (version < 1)
        return false;
    if (only != NULL)
        rules.handled_access_fs = CHANGES | (version >= 2 ? MOVES : 0) |
                                  (version >= 3 ? TRUNCATES : 0);
    else if (version < 6)
        rules.handled_access_fs = MAKE_BLOCK;
    if (version >= 6)
        rules.scoped = SCOPE_SIGNAL;
    int ruleset = (int)syscall(
        SYS_landlock_create_ruleset, &rules,
        version >= 6 ? sizeof(rules) : sizeof(rules.handled_access_fs), 0U);
    if (ruleset == -1)
        return false;
    if (only != NULL)
        allow_own(ruleset, only, rules.handled_access_fs);
    bool done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return done;
}
