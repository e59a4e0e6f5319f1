/* SPDX-License-Identifier: MIT
 *
 * filter: see filter.h. The accumulator holds the number of the call whenever a
 * rule begins.
 */
#include "cage/filter.h"

#define FIELD(name) ((unsigned)offsetof(struct seccomp_data, name))
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define LOAD_CALL LOAD(FIELD(nr))
/* Jumps over that many instructions if the comparison is true, or is not. */
#define IF(comparison, value, yes, no)                                         \
    BPF_JUMP(BPF_JMP | (comparison) | BPF_K, value, yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

static void emit(struct filter *filter, struct sock_filter instruction)
{
    if (filter->length == FILTER_MAX)
        filter->too_long = true;
    else
        filter->code[filter->length++] = instruction;
}

void filter_begin(struct filter *filter, unsigned foreign)
{
    filter->length = 0;
    filter->too_long = false;
    emit(filter, (struct sock_filter)LOAD(FIELD(arch)));
    emit(filter, (struct sock_filter)IF(BPF_JEQ, FILTER_ARCH, 1, 0));
    emit(filter,
         (struct sock_filter)RETURN(FILTER_ARCH ? foreign : SECCOMP_RET_ALLOW));
    emit(filter, (struct sock_filter)LOAD_CALL);
#ifdef __x86_64__
    emit(filter, (struct sock_filter)IF(BPF_JGE, FILTER_X32_CALLS, 0, 1));
    emit(filter, (struct sock_filter)RETURN(foreign));
#endif
}

/* A rule that looks at an argument is five instructions: it loads the argument
 * into the accumulator, and the number of the call again if it does not match.
 * One that does not is two. */
static void emit_rule(struct filter *filter, const struct filter_rule *rule)
{
    unsigned argument = FIELD(args) + rule->argument * 8U + LOW_HALF;
    unsigned short comparison = rule->test == FILTER_BITS ? BPF_JSET : BPF_JEQ;
    unsigned char differs = rule->test == FILTER_NOT_EQUAL;
    bool always = rule->test == FILTER_ALWAYS;

    emit(filter,
         (struct sock_filter)IF(BPF_JEQ, rule->call, 0, always ? 1 : 4));
    if (!always) {
        emit(filter, (struct sock_filter)LOAD(argument));
        emit(filter, (struct sock_filter)IF(comparison, rule->value, differs,
                                            !differs));
    }
    emit(filter, (struct sock_filter)RETURN(rule->action));
    if (!always)
        emit(filter, (struct sock_filter)LOAD_CALL);
}

void filter_add(struct filter *filter, const struct filter_rule *rules,
                size_t count)
{
    for (size_t i = 0; i < count; i++)
        emit_rule(filter, &rules[i]);
}

bool filter_end(struct filter *filter)
{
    emit(filter, (struct sock_filter)RETURN(SECCOMP_RET_ALLOW));
    return !filter->too_long;
}
