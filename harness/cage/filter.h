/* SPDX-License-Identifier: MIT
 *
 * filter: a seccomp filter from a table of rules.
 *
 * The kernel runs a filter, a program in classic BPF, at each system call. It
 * sees the number of the call and its arguments, not the memory that they point
 * to: seccomp(2). Here it looks at the low 32 bits of an argument only.
 */
#ifndef FORKLAB_FILTER_H
#define FORKLAB_FILTER_H

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__x86_64__)
#define FILTER_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define FILTER_ARCH AUDIT_ARCH_RISCV64
#else
#define FILTER_ARCH 0 /* unknown: the filter allows all calls */
#endif

/* x32, asm/unistd.h: calls from this number on are of another ABI of the same
 * architecture. */
#define FILTER_X32_CALLS 0x40000000U

/* What must be true of an argument. */
enum filter_test { FILTER_ALWAYS, FILTER_EQUAL, FILTER_NOT_EQUAL, FILTER_BITS };

struct filter_rule {
    unsigned call;          /* SYS_... */
    unsigned char argument; /* its index, from 0 */
    enum filter_test test;  /* FILTER_BITS: one of the bits in `value` is set */
    unsigned value;
    unsigned action; /* SECCOMP_RET_... */
};

#define FILTER_RULES 256
#define FILTER_MAX 1024

struct filter {
    struct filter_rule rules[FILTER_RULES];
    size_t rule_count;
    unsigned foreign;
    struct sock_filter code[FILTER_MAX];
    unsigned short length; /* instructions, since filter_end() */
    bool too_long;         /* some did not fit */
};

/* Begins a filter. Calls that are not of this architecture, and those of x32,
 * get the action `foreign`; all calls are allowed where FILTER_ARCH is 0. */
void filter_begin(struct filter *filter, unsigned foreign);

/* Adds rules. The first one that matches a call, among all that were added,
 * says what happens. */
void filter_add(struct filter *filter, const struct filter_rule *rules,
                size_t count);

/* Ends it: calls that no rule matches are allowed. False if the filter is too
 * long; it must then not be used. */
bool filter_end(struct filter *filter);

#endif
