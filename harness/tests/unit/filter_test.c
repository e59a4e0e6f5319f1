/* SPDX-License-Identifier: MIT
 *
 * filter_test: the seccomp filters do what their rules say. They are run here,
 * by a small interpreter of classic BPF, on calls that never happen. TAP; exit
 * 1 on failure.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "cage/filter.h"
#include "cage/rights.h"
#include "cage/witness.h"
#include "linux/syscalls.h"

#define TELL SECCOMP_RET_USER_NOTIF
#define ALLOW SECCOMP_RET_ALLOW
#define WRONG 0xdeadbeefU /* of a filter that the kernel would refuse */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int tests, failures;

static void ok(bool good, const char *what)
{
    printf("%s %d - %s\n", good ? "ok" : "not ok", ++tests, what);
    failures += !good;
}

/* ---- a filter is run ---- */

static bool is_true(const struct sock_filter *at, uint32_t value)
{
    switch (BPF_OP(at->code)) {
    case BPF_JEQ:
        return value == at->k;
    case BPF_JGE:
        return value >= at->k;
    default:
        return (value & at->k) != 0; /* BPF_JSET */
    }
}

static uint32_t run(const struct filter *filter,
                    const struct seccomp_data *data)
{
    uint32_t value = 0;

    for (size_t i = 0; i < filter->length; i++) {
        const struct sock_filter *at = &filter->code[i];
        switch (at->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            if (at->k % 4 != 0 || at->k > sizeof(*data) - sizeof(value))
                return WRONG;
            memcpy(&value, (const char *)data + at->k, sizeof(value));
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
        case BPF_JMP | BPF_JGE | BPF_K:
        case BPF_JMP | BPF_JSET | BPF_K:
            i += is_true(at, value) ? at->jt : at->jf;
            break;
        case BPF_JMP | BPF_JA:
            i += at->k;
            break;
        case BPF_RET | BPF_K:
            return at->k;
        default:
            return WRONG;
        }
    }
    return WRONG;
}

/* ---- rules ---- */

static bool matches(const struct filter_rule *rule,
                    const struct seccomp_data *data)
{
    uint32_t value = (uint32_t)data->args[rule->argument];

    if ((uint32_t)data->nr != rule->call)
        return false;
    switch (rule->test) {
    case FILTER_EQUAL:
        return value == rule->value;
    case FILTER_NOT_EQUAL:
        return value != rule->value;
    case FILTER_BITS:
        return (value & rule->value) != 0;
    case FILTER_ALWAYS:
        break;
    }
    return true;
}

static uint32_t expected(const struct filter_rule *rules, size_t count,
                         const struct seccomp_data *data)
{
    for (size_t i = 0; i < count; i++)
        if (matches(&rules[i], data))
            return rules[i].action;
    return ALLOW;
}

/* All calls and values that are near those of the rules: each argument in turn,
 * with 0 in the others, and with the same in all. Returns how many differ. */
static size_t compare(const struct filter_rule *rules, size_t count)
{
    static const uint64_t values[] = {
        0,          1,         2, 3, 4, 5, 6, 7, 8, 9, 12, UINT64_C(1) << 32,
        UINT32_MAX, UINT64_MAX};
    struct filter filter;
    size_t differ = 0;

    filter_begin(&filter, TELL);
    filter_add(&filter, rules, count);
    if (!filter_end(&filter))
        return SIZE_MAX;
    for (int call = 0; call < 10; call++)
        for (size_t i = 0; i < COUNT(values) * 7; i++) {
            struct seccomp_data data = {.nr = call, .arch = FILTER_ARCH};
            for (size_t k = 0; k < 6; k++)
                if (i % 7 == k || i % 7 == 6)
                    data.args[k] = values[i / 7];
            differ += run(&filter, &data) != expected(rules, count, &data);
        }
    return differ;
}

static void test_rules(void)
{
    static const struct filter_rule each[] = {
        {.call = 1, .action = TELL},
        {.call = 2,
         .argument = 0,
         .test = FILTER_EQUAL,
         .value = 3,
         .action = TELL},
        {.call = 3,
         .argument = 5,
         .test = FILTER_NOT_EQUAL,
         .value = 3,
         .action = TELL},
        {.call = 4,
         .argument = 2,
         .test = FILTER_BITS,
         .value = 6,
         .action = TELL},
    };
    /* The first that matches, also after one of the same call that does not.
     */
    static const struct filter_rule order[] = {
        {.call = 5,
         .argument = 1,
         .test = FILTER_NOT_EQUAL,
         .value = 1,
         .action = ALLOW},
        {.call = 5,
         .argument = 2,
         .test = FILTER_EQUAL,
         .value = 4,
         .action = TELL},
        {.call = 5,
         .argument = 1,
         .test = FILTER_EQUAL,
         .value = 1,
         .action = SECCOMP_RET_ERRNO},
        {.call = 5, .action = TELL},
        {.call = 6,
         .argument = 3,
         .test = FILTER_BITS,
         .value = 8,
         .action = ALLOW},
        {.call = 6, .action = TELL},
        {.call = 4, .action = TELL},
    };
    struct filter_rule far[FILTER_RULES];
    struct filter_rule many[FILTER_RULES + 1] = {{.call = 9, .action = TELL}};
    struct filter filter;

    ok(compare(each, 0) == 0, "no rule: all is allowed");
    ok(compare(each, COUNT(each)) == 0, "each test");
    ok(compare(order, COUNT(order)) == 0, "the first that matches counts");
    /* Longer than a conditional jump. */
    for (unsigned i = 0; i < FILTER_RULES; i++)
        far[i] = (struct filter_rule){.call = i % 10,
                                      .argument = (unsigned char)(i % 6),
                                      .test = FILTER_EQUAL + i % 3,
                                      .value = i % 14,
                                      .action = i % 5 ? TELL : ALLOW};
    ok(compare(far, FILTER_RULES) == 0, "a long filter");
    filter_begin(&filter, TELL);
    filter_add(&filter, many, FILTER_RULES + 1);
    ok(!filter_end(&filter), "too many rules are refused");
}

/* ---- the filter of the witness ---- */

/* Which calls are told: of one filter in eight, with and without each of the
 * rules; see struct witness_rules. */
enum { NEVER = 0, MAKING = 1, WORK = 2, NUMBERS = 4, ALWAYS = 8 };

static const struct sample {
    const char *what;
    long call;
    uint64_t args[6];
    unsigned told;
} samples[] = {
    {"exit_group", SYS_exit_group, {1}, ALWAYS},
    {"io_uring_setup", SYS_io_uring_setup, {0}, ALWAYS},
    {"userfaultfd", SYS_userfaultfd, {0}, ALWAYS},
    {"kill", SYS_kill, {1, 9}, ALWAYS},
    {"pidfd_send_signal", SYS_pidfd_send_signal, {3, 9}, ALWAYS},
    {"timer_create", SYS_timer_create, {0}, ALWAYS},
    {"unshare(CLONE_FILES)", SYS_unshare, {CLONE_FILES}, ALWAYS},
    {"unshare(CLONE_FS)", SYS_unshare, {CLONE_FS}, NEVER},
    {"setitimer(ITIMER_REAL)", SYS_setitimer, {ITIMER_REAL}, ALWAYS},
    {"setitimer(ITIMER_PROF)", SYS_setitimer, {ITIMER_PROF}, NEVER},
    {"fcntl(F_SETLEASE)", SYS_fcntl, {0, F_SETLEASE}, ALWAYS},
    {"fcntl(F_NOTIFY)", SYS_fcntl, {0, F_NOTIFY}, ALWAYS},
    {"fcntl(F_GETFL)", SYS_fcntl, {0, F_GETFL}, NEVER},
    {"setsockopt(SO_RCVTIMEO)", SYS_setsockopt, {0, SOL_SOCKET, 20}, ALWAYS},
    {"setsockopt(SO_SNDTIMEO)", SYS_setsockopt, {0, SOL_SOCKET, 21}, ALWAYS},
    {"setsockopt(SO_RCVTIMEO_NEW)",
     SYS_setsockopt,
     {0, SOL_SOCKET, 66},
     ALWAYS},
    {"setsockopt(SO_SNDTIMEO_NEW)",
     SYS_setsockopt,
     {0, SOL_SOCKET, 67},
     ALWAYS},
    {"setsockopt(SO_REUSEADDR)", SYS_setsockopt, {0, SOL_SOCKET, 2}, NEVER},
    {"an option 20 of another level", SYS_setsockopt, {0, 6, 20}, NEVER},
    {"openat(O_CREAT)", SYS_openat, {0, 0, O_CREAT | O_WRONLY}, MAKING},
    {"openat(O_RDONLY)", SYS_openat, {0, 0, O_RDONLY}, NEVER},
    {"mkdirat", SYS_mkdirat, {0}, MAKING},
    {"shmget", SYS_shmget, {0}, MAKING},
    {"clone", SYS_clone, {0}, MAKING | WORK},
    {"bind", SYS_bind, {0}, MAKING | WORK},
    {"pipe2", SYS_pipe2, {0}, WORK},
    {"execve", SYS_execve, {0}, WORK},
    {"read", SYS_read, {0}, NEVER},
    {"close", SYS_close, {3}, NUMBERS},
    {"close of the last number that is heard",
     SYS_close,
     {MAX_DESCRIPTORS - 1},
     NUMBERS},
    {"close of a higher one", SYS_close, {MAX_DESCRIPTORS}, NEVER},
    {"dup3", SYS_dup3, {3, 4}, NUMBERS},
    {"close_range", SYS_close_range, {3, 4}, NUMBERS},
    {"dup", SYS_dup, {3}, NEVER},
    {"FUTEX_REQUEUE", SYS_futex, {0, 3}, ALWAYS},
    {"FUTEX_CMP_REQUEUE", SYS_futex, {0, 4}, ALWAYS},
    {"FUTEX_CMP_REQUEUE_PI", SYS_futex, {0, 12}, ALWAYS},
    {"a private FUTEX_REQUEUE", SYS_futex, {0, 3 | 128}, NEVER},
    {"FUTEX_WAIT", SYS_futex, {0, 0}, NEVER},
    {"futex_requeue", SYS_futex_requeue, {0}, ALWAYS},
    {"ptrace", SYS_ptrace, {0}, ALWAYS},
    {"prctl(PR_SET_MM)", SYS_prctl, {PR_SET_MM}, ALWAYS},
    {"process_vm_writev", SYS_process_vm_writev, {0}, ALWAYS},
    {"process_vm_readv", SYS_process_vm_readv, {0}, NEVER},
    {"pidfd_getfd", SYS_pidfd_getfd, {0}, ALWAYS},
    {"seccomp(NEW_LISTENER)", SYS_seccomp, {1, 8}, ALWAYS},
    {"seccomp, no listener", SYS_seccomp, {1, 1}, NEVER},
    {"clone3", SYS_clone3, {0}, ALWAYS},
    {"clone(CLONE_FILES)", SYS_clone, {CLONE_FILES}, ALWAYS},
    {"clone(CLONE_VM)", SYS_clone, {CLONE_VM}, ALWAYS},
    {"vfork", SYS_clone, {CLONE_VM | CLONE_VFORK}, MAKING | WORK},
    {"a thread", SYS_clone, {CLONE_VM | CLONE_THREAD}, MAKING | WORK},
#ifdef SYS_dup2
    {"dup2", SYS_dup2, {3, 4}, NUMBERS},
#endif
#ifdef SYS_alarm
    {"alarm", SYS_alarm, {1}, ALWAYS},
#endif
#ifdef SYS_open
    {"open(O_CREAT)", SYS_open, {0, O_CREAT}, MAKING},
    {"open(O_RDONLY)", SYS_open, {0, O_RDONLY}, NEVER},
#endif
};

static void test_sample(const struct filter *filters,
                        const struct sample *sample)
{
    struct seccomp_data data = {.nr = (int)sample->call, .arch = FILTER_ARCH};
    bool good = true;

    memcpy(data.args, sample->args, sizeof(data.args));
    for (unsigned i = 0; i < 8; i++) {
        bool tell = (sample->told & (i | ALWAYS)) != 0;
        good &= run(&filters[i], &data) == (tell ? TELL : ALLOW);
    }
    ok(good, sample->what);
}

static void test_witness(void)
{
    static struct filter filters[8];
    struct seccomp_data foreign = {.nr = SYS_read, .arch = ~FILTER_ARCH};
    bool good = true;

    for (unsigned i = 0; i < 8; i++)
        good &= witness_filter(
            &filters[i], (struct witness_rules){.making = (i & MAKING) != 0,
                                                .work = (i & WORK) != 0,
                                                .numbers = (i & NUMBERS) != 0});
    ok(good, "the filters are not too long");
    for (size_t i = 0; FILTER_ARCH != 0 && i < COUNT(samples); i++)
        test_sample(filters, &samples[i]);
    ok(run(&filters[0], &foreign) == (FILTER_ARCH ? TELL : ALLOW),
       "another architecture");
#ifdef __x86_64__
    foreign = (struct seccomp_data){.nr = (int)(FILTER_X32_CALLS | SYS_read),
                                    .arch = FILTER_ARCH};
    ok(run(&filters[0], &foreign) == TELL, "x32");
#endif
}

static uint32_t answer(const struct filter *filter, int call, uint64_t first,
                       uint64_t second)
{
    struct seccomp_data data = {
        .nr = call, .arch = FILTER_ARCH, .args = {first, second}};

    return run(filter, &data);
}

static void test_rights(void)
{
    const uint32_t refused = SECCOMP_RET_ERRNO | EPERM;
    const pid_t ours[] = {4711, 4712};
    struct filter filter;

    ok(rights_filter(&filter, ours, COUNT(ours)), "the filter of rights");
    ok(answer(&filter, SYS_prlimit64, 4711, 7) == refused &&
           answer(&filter, SYS_prlimit64, 4712, 7) == refused,
       "... limits of ours are refused");
    ok(answer(&filter, SYS_prlimit64, 0, 7) == ALLOW &&
           answer(&filter, SYS_prlimit64, 4713, 7) == ALLOW,
       "... and no others");
    ok(answer(&filter, SYS_keyctl, 1, 0) == refused &&
           answer(&filter, SYS_add_key, 0, 0) == refused &&
           answer(&filter, SYS_request_key, 0, 0) == refused,
       "... keys");
    ok(answer(&filter, SYS_ioctl, 0, TIOCSTI) == refused &&
           answer(&filter, SYS_ioctl, 0, TIOCGWINSZ) == ALLOW,
       "... characters for a terminal");
}

int main(void)
{
    test_rules();
    test_witness();
    test_rights();
    printf("1..%d\n", tests);
    return failures > 0;
}
