/* SPDX-License-Identifier: MIT
 *
 * vocabulary: see vocabulary.h.
 */
#define _GNU_SOURCE
#include "oracle/vocabulary.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/findings.h"
#include "report/report.h"

/* What follows a word. */
enum operand {
    OPERAND_NONE,
    OPERAND_STATUS,   /* 0 to 255 */
    OPERAND_SIGNAL,   /* SIGSEGV, signal 99 */
    OPERAND_FUNCTION, /* pthread_mutex_lock */
    OPERAND_WAIT,     /* a function, and perhaps ", owner vanished" */
    OPERAND_STATE,    /* of a TCP connection */
    OPERAND_ROLES,    /* A, or A and B ... */
    OPERAND_UNPROVED, /* nothing, and no header may expect the word */
};

/* What a header may write after each word, in the order in which the words are
 * tried and named. */
static const struct word {
    enum fact_kind kind;
    enum operand operand;
} vocabulary[] = {
    {FACT_EXIT, OPERAND_STATUS},      {FACT_KILLED, OPERAND_SIGNAL},
    {FACT_HANG, OPERAND_WAIT},        {FACT_IDLE, OPERAND_FUNCTION},
    {FACT_ZOMBIE, OPERAND_NONE},      {FACT_SOCKET, OPERAND_STATE},
    {FACT_DESCRIPTOR, OPERAND_NONE},  {FACT_LEFT_BEHIND, OPERAND_NONE},
    {FACT_CONNECTION, OPERAND_ROLES}, {FACT_DEADLINE, OPERAND_UNPROVED},
    {FACT_LIMIT, OPERAND_UNPROVED},   {FACT_GONE, OPERAND_UNPROVED},
    {FACT_ADOPTED, OPERAND_NONE},
};

#define WORDS (sizeof(vocabulary) / sizeof(*vocabulary))

static bool is_number(const char *text, int limit)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 3 && text[digits] == '\0' &&
           (text[0] != '0' || digits == 1) && atoi(text) <= limit;
}

static bool is_signal(const char *text)
{
    for (int i = 1; i < NSIG; i++)
        if (strcmp(text, signal_name(i)) == 0)
            return true;
    return strncmp(text, "signal ", 7) == 0 && is_number(text + 7, 999);
}

/* The length of a function's name at the start of text. */
static size_t function_length(const char *text)
{
    size_t length = 0;

    if (isdigit((unsigned char)text[0]))
        return 0;
    while (isalnum((unsigned char)text[length]) ||
           (text[length] != '\0' && strchr("_.:@~", text[length]) != NULL))
        length++;
    return length;
}

static bool is_owner(const char *text)
{
    static const char start[] = ", owner ";

    if (strncmp(text, start, strlen(start)) != 0)
        return false;
    for (enum owner_is owner = OWNER_NONE; owner <= OWNER_DEAD; owner++) {
        const char *told = finding_owner(owner);
        if (told != NULL && strcmp(text + strlen(start), told) == 0)
            return true;
    }
    return false;
}

static bool is_tcp_state(const char *text)
{
    static const char *const states[] = {
        "ESTABLISHED", "SYN_SENT",  "SYN_RECV", "FIN_WAIT1",
        "FIN_WAIT2",   "TIME_WAIT", "CLOSE",    "CLOSE_WAIT",
        "LAST_ACK",    "LISTEN",    "CLOSING",
    };

    for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
        if (strcmp(text, states[i]) == 0)
            return true;
    return false;
}

/* "A", "A and B", "A and B and C" */
static bool is_roles(const char *text)
{
    static const char joint[] = " and ";
    const char *next = text;

    while (next != NULL) {
        size_t length = strlen(text);
        next = strstr(text, joint);
        if (next != NULL)
            length = (size_t)(next - text);
        if (length == 0 || text[0] == ' ' || text[length - 1] == ' ')
            return false;
        text += length + strlen(joint);
    }
    return true;
}

/* What is wrong with the text after a word; NULL if nothing is. */
static const char *operand_error(enum operand operand, const char *text)
{
    size_t length = function_length(text);

    switch (operand) {
    case OPERAND_STATUS:
        return is_number(text, 255) ? NULL : "exit needs a status, 0 to 255";
    case OPERAND_SIGNAL:
        return is_signal(text) ? NULL
                               : "killed by needs a signal, such as SIGSEGV";
    case OPERAND_FUNCTION:
        return length > 0 && text[length] == '\0'
                   ? NULL
                   : "idle in needs the name of a function";
    case OPERAND_WAIT:
        if (length == 0)
            return "hang in needs the name of a function";
        return text[length] == '\0' || is_owner(text + length)
                   ? NULL
                   : "after the function comes \", owner \" and vanished, "
                     "self, forker or dead";
    case OPERAND_STATE:
        return is_tcp_state(text) ? NULL
                                  : "socket needs a state, such as CLOSE_WAIT";
    case OPERAND_ROLES:
        return is_roles(text) ? NULL : "connection of needs roles: \"A and B\"";
    case OPERAND_UNPROVED:
        return "that is not evidence";
    case OPERAND_NONE:
        break;
    }
    return NULL;
}

/* The text after the word in finding; NULL if finding is not that word. */
static const char *after_word(const char *finding, const struct word *word)
{
    size_t length = strlen(fact_word(word->kind));
    bool alone =
        word->operand == OPERAND_NONE || word->operand == OPERAND_UNPROVED;

    if (strncmp(finding, fact_word(word->kind), length) != 0)
        return NULL;
    if (alone)
        return finding[length] == '\0' ? finding + length : NULL;
    /* Without its operand it is this word still, and wrong. */
    if (finding[length] == '\0')
        return finding + length;
    return finding[length] == ' ' ? finding + length + 1 : NULL;
}

/* "unknown finding (known: exit, killed by ...)" */
static const char *unknown_finding(void)
{
    static char text[256];
    size_t used =
        (size_t)snprintf(text, sizeof(text), "unknown finding (known");

    for (size_t i = 0; i < WORDS && used < sizeof(text); i++)
        if (vocabulary[i].operand != OPERAND_UNPROVED)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s",
                                     i == 0 ? ":" : ",",
                                     fact_word(vocabulary[i].kind));
    if (used < sizeof(text))
        snprintf(text + used, sizeof(text) - used, ")");
    return text;
}

const char *finding_read(const char *text, struct fact *fact)
{
    const char *close = strchr(text, ']');

    if (text[0] != '[' || close == NULL)
        return "a finding starts with its [role]";
    if (close == text + 1 || close - text > ROLE_SIZE || text[1] == ' ' ||
        close[-1] == ' ')
        return "a role is 1 to 31 bytes, without a space at its ends";
    if (close[1] != ' ')
        return "a space must follow [role]";
    for (size_t i = 0; i < WORDS; i++) {
        const char *operand = after_word(close + 2, &vocabulary[i]);
        if (operand == NULL)
            continue;
        const char *wrong = operand_error(vocabulary[i].operand, operand);
        if (wrong != NULL)
            return wrong;
        fact->kind = vocabulary[i].kind;
        fact->role = xasprintf("%.*s", (int)(close - text - 1), text + 1);
        fact->operand = xstrdup(operand);
        fact->text = xstrdup(text);
        return NULL;
    }
    return unknown_finding();
}
