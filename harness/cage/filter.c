/* SPDX-License-Identifier: MIT
 *
 * filter: see filter.h.
 *
 * A filter is looked through by halves: when it is installed, the kernel asks
 * it for each of some 460 calls what it does whatever the arguments. It is made
 * from its end, so that what a jump leads to is there already. A place is how
 * many instructions stand from there to the end.
 */
#include "cage/filter.h"

#include <string.h>

#define FIELD(name) ((unsigned)offsetof(struct seccomp_data, name))

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

/* A conditional jump has eight bits for each of its two ways; the room left is
 * for the longer jumps that near() may have to put between. */
#define REACH 250
/* So many rules are looked through one after the other. */
#define FEW 6

static size_t emit(struct filter *filter, struct sock_filter instruction)
{
    if (filter->length == FILTER_MAX)
        filter->too_long = true;
    else
        filter->code[FILTER_MAX - ++filter->length] = instruction;
    return filter->length;
}

/* A place from where one comes to `to`, and that a conditional jump reaches. */
static size_t near(struct filter *filter, size_t to)
{
    unsigned distance = (unsigned)(filter->length - to);

    return distance < REACH
               ? to
               : emit(filter,
                      (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, distance));
}

static size_t test(struct filter *filter, unsigned short comparison,
                   unsigned value, size_t yes, size_t no)
{
    size_t near_yes = near(filter, yes), near_no = near(filter, no);

    return emit(filter, (struct sock_filter)BPF_JUMP(
                            BPF_JMP | comparison | BPF_K, value,
                            (unsigned char)(filter->length - near_yes),
                            (unsigned char)(filter->length - near_no)));
}

/* Loads a field into the accumulator, and goes on at `next`. */
static size_t load(struct filter *filter, unsigned offset, size_t next)
{
    unsigned distance = (unsigned)(filter->length - next);

    if (distance > 0)
        emit(filter, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, distance));
    return emit(filter,
                (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

/* The place that returns this, one for all. */
static size_t returns(struct filter *filter, unsigned action)
{
    const struct sock_filter *end = filter->code + FILTER_MAX;

    for (size_t place = filter->length; place > 0; place--)
        if (end[-(long)place].code == (BPF_RET | BPF_K) &&
            end[-(long)place].k == action)
            return place;
    return emit(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* ---- rules ---- */

static size_t test_argument(struct filter *filter,
                            const struct filter_rule *rule, size_t otherwise)
{
    bool differs = rule->test == FILTER_NOT_EQUAL;
    size_t match = returns(filter, rule->action);

    return test(filter, rule->test == FILTER_BITS ? BPF_JSET : BPF_JEQ,
                rule->value, differs ? otherwise : match,
                differs ? match : otherwise);
}

/* Those of one call, one after the other. The accumulator keeps an argument for
 * the next rule that looks at the same. */
static size_t emit_rules(struct filter *filter, const struct filter_rule *rules,
                         size_t count)
{
    size_t next = returns(filter, SECCOMP_RET_ALLOW);

    for (size_t i = count; i-- > 0;) {
        if (rules[i].test == FILTER_ALWAYS) {
            next = returns(filter, rules[i].action);
            continue;
        }
        next = test_argument(filter, &rules[i], next);
        if (i == 0 || rules[i - 1].argument != rules[i].argument)
            next = load(filter, FIELD(args) + rules[i].argument * 8U + LOW_HALF,
                        next);
    }
    return next;
}

/* Where the rules begin that are of the same call as the last one. */
static size_t last_call(const struct filter_rule *rules, size_t count)
{
    size_t first = count - 1;

    while (first > 0 && rules[first - 1].call == rules[count - 1].call)
        first--;
    return first;
}

static size_t emit_one_by_one(struct filter *filter,
                              const struct filter_rule *rules, size_t count)
{
    size_t next = returns(filter, SECCOMP_RET_ALLOW);

    while (count > 0) {
        size_t first = last_call(rules, count);
        size_t match = emit_rules(filter, rules + first, count - first);
        next = test(filter, BPF_JEQ, rules[first].call, match, next);
        count = first;
    }
    return next;
}

/* `rules` are sorted by their calls. The number of the call is in the
 * accumulator. */
static size_t emit_calls(struct filter *filter, const struct filter_rule *rules,
                         size_t count)
{
    size_t half = count / 2;

    if (count > FEW)
        half = last_call(rules, half + 1);
    if (count <= FEW || half == 0)
        return emit_one_by_one(filter, rules, count);
    size_t upper = emit_calls(filter, rules + half, count - half);
    size_t lower = emit_calls(filter, rules, half);
    return test(filter, BPF_JGE, rules[half].call, upper, lower);
}

/* Rules of one call stay in their order. */
static void sort(struct filter_rule *rules, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct filter_rule moving = rules[i];
        size_t at = i;
        for (; at > 0 && rules[at - 1].call > moving.call; at--)
            rules[at] = rules[at - 1];
        rules[at] = moving;
    }
}

/* ---- the filter ---- */

void filter_begin(struct filter *filter, unsigned foreign)
{
    filter->rule_count = 0;
    filter->length = 0;
    filter->too_long = false;
    filter->foreign = FILTER_ARCH ? foreign : SECCOMP_RET_ALLOW;
}

void filter_add(struct filter *filter, const struct filter_rule *rules,
                size_t count)
{
    if (count > FILTER_RULES - filter->rule_count) {
        filter->too_long = true;
        return;
    }
    memcpy(filter->rules + filter->rule_count, rules, count * sizeof(*rules));
    filter->rule_count += count;
}

bool filter_end(struct filter *filter)
{
    sort(filter->rules, filter->rule_count);
    size_t ours = emit_calls(filter, filter->rules, filter->rule_count);
    size_t foreign = returns(filter, filter->foreign);
#ifdef __x86_64__
    ours = test(filter, BPF_JGE, FILTER_X32_CALLS, foreign, ours);
#endif
    ours = load(filter, FIELD(nr), ours);
    load(filter, FIELD(arch),
         test(filter, BPF_JEQ, FILTER_ARCH, ours, foreign));
    memmove(filter->code, filter->code + FILTER_MAX - filter->length,
            filter->length * sizeof(*filter->code));
    return !filter->too_long;
}
