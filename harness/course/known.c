/* SPDX-License-Identifier: MIT
 *
 * known: see known.h.
 */
#define _GNU_SOURCE
#include "course/known.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "course/ctext.h"
#include "course/moved.h"
#include "course/original.h"

/* Names of libraries that make a cure, in some lab. */
static const char *const cures[] = {
    "pthread_atfork",
    "posix_spawn",
    "posix_spawnp",
    "vfork",
    "execl",
    "execle",
    "execv",
    "execve",
    "execlp",
    "execvp",
    "execvpe",
    "fexecve",
    "system",
    "popen",
    "O_CLOEXEC",
    "SOCK_CLOEXEC",
    "FD_CLOEXEC",
    "MFD_CLOEXEC",
    "close",
    "close_range",
    "closefrom",
    "pipe2",
    "accept4",
    "dup3",
    "fflush",
    "__fpurge",
    "setvbuf",
    "_exit",
    "_Exit",
    "quick_exit",
    "pread",
    "openat",
    "preadv",
    "mmap",
    "lseek",
    "FIONREAD",
    "shutdown",
    "socketpair",
    "sigaction",
    "signalfd",
    "SA_NOCLDWAIT",
    "SIGCHLD",
    "waitid",
    "waitpid",
    "wait",
    "pthread_create",
    "pthread_join",
    "pthread_mutex_lock",
    "MSG_DONTWAIT",
    "poll",
    "epoll_wait",
    "select",
    "PTHREAD_MUTEX_ROBUST",
    "pthread_mutexattr_setrobust",
    "pthread_mutex_consistent",
    "pthread_spin_lock",
    "sem_wait",
    "sem_post",
    "eventfd",
    "atomic_store",
    "MADV_DONTFORK",
    "MADV_WIPEONFORK",
    "MAP_SHARED",
    "madvise",
    "omp_pause_resource_all",
    "mysql_real_connect",
    "mysql_close",
    "mysql_init",
    "dlopen",
    "unshare",
    "PR_SET_CHILD_SUBREAPER",
    "PR_SET_PDEATHSIG",
    "clone",
    "setpgid",
    "setsid",
    "getpid",
    "raise",
    "SIG_DFL",
    "flock",
    "lockf",
    "F_OFD_SETLK",
    "EPOLL_CTL_DEL",
    "EPOLLEXCLUSIVE",
    "EPOLLET",
    "EPOLLONESHOT",
    "epoll_create1",
    NULL,
};

/* Each row does the same in another way. */
static const char *const alike[][8] = {
    {"_exit", "_Exit", "quick_exit"},
    {"close", "close_range", "closefrom"},
    {"O_CLOEXEC", "SOCK_CLOEXEC", "FD_CLOEXEC", "pipe2"},
    {"posix_spawn", "posix_spawnp", "vfork"},
    {"pread", "preadv", "lseek", "mmap"},
    {"pthread_mutex_lock", "pthread_spin_lock", "sem_wait"},
    {"flock", "lockf", "F_OFD_SETLK"},
    {"EPOLLEXCLUSIVE", "EPOLLET", "EPOLLONESHOT"},
    {"fork", "_Fork", "pthread_create"},
};

/* Names that a solution may add, and that cure nothing. */
static const char *const common[] = {
    "if",         "else",     "for",        "while",    "return", "static",
    "void",       "int",      "char",       "long",     "struct", "sizeof",
    "const",      "unsigned", "pid",        "pid_t",    "NULL",   "status",
    "errno",      "break",    "continue",   "bool",     "true",   "false",
    "size_t",     "ssize_t",  "die",        "say",      "show",   "main",
    "run_number", "run_word", "LAB_UNUSED", "volatile", "switch", "call_me",
    "strerror",
};

static bool has(const struct strings *list, const char *word)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i], word) == 0)
            return true;
    return false;
}

static void add(struct strings *list, const char *word)
{
    for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
        if (strcmp(common[i], word) == 0)
            return;
    if (strlen(word) > 2 && !has(list, word))
        strings_add(list, word);
}

/* The next name, *at goes behind it. NULL: none is left. The caller frees it.
 */
static char *next_name(const char **at)
{
    while (**at != '\0' && !ctext_is_word_byte(**at))
        ++*at;
    const char *start = *at;
    while (ctext_is_word_byte(**at))
        ++*at;
    return *at == start ? NULL : xasprintf("%.*s", (int)(*at - start), start);
}

/* All names of a text, each once. The caller frees the list. */
static struct strings names_of(const char *text)
{
    struct strings names = {0};
    char *name;

    while ((name = next_name(&text)) != NULL) {
        if (!has(&names, name))
            strings_add(&names, name);
        free(name);
    }
    return names;
}

/* ---- the solution ---- */

/* What it calls or hands on more often than the lab; and what it only names,
 * which is a variable. */
static void read_solution(struct known *known)
{
    struct strings names = names_of(known->solution);

    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.item[i];
        bool used =
            ctext_uses(known->solution, name) > ctext_uses(known->lab, name);
        bool named =
            ctext_count(known->solution, name) > ctext_count(known->lab, name);
        if (used)
            add(&known->calls, name);
        if (named && islower((unsigned char)name[0]))
            add(&known->names, name);
    }
    strings_free(&names);
}

/* A name that the solution hands to a call only is none of a variable. */
static void keep_variables(struct known *known)
{
    struct strings variables = {0};

    for (size_t i = 0; i < known->names.count; i++)
        if (!has(&known->calls, known->names.item[i]))
            strings_add(&variables, known->names.item[i]);
    strings_free(&known->names);
    known->names = variables;
}

/* ---- the page ---- */

static bool is_capital(const char *name)
{
    return strlen(name) > 3 &&
           name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/* Does the lab have a function of its own with that name? */
static bool is_defined(const char *text, const char *name)
{
    char *call = xasprintf("%s(", name);
    bool found = false;

    for (const char *at = text; !found && (at = strstr(at, call)) != NULL;) {
        bool whole = at > text && !ctext_is_word_byte(at[-1]);
        at += strcspn(at, ")");
        found = whole && *at == ')' && at[1 + strspn(at + 1, " \n")] == '{';
    }
    free(call);
    return found;
}

/* Names in backticks, names with a parenthesis behind them, and constants. A
 * function of the lab itself may also be handed on: by its name alone. */
static void read_page(struct known *known, const char *page)
{
    static const char heading[] = "\n## Cures and their cost\n";
    const char *at = strstr(page, heading);
    bool code = false;
    char *name;

    if (at == NULL)
        return;
    at += sizeof(heading) - 1;
    const char *end = strstr(at, "\n## ");
    char *part = end ? xasprintf("%.*s", (int)(end - at), at) : xstrdup(at);
    for (const char *from = part, *to = part; (name = next_name(&to)) != NULL;
         from = to) {
        for (; from < to; from++)
            code = *from == '`' ? !code : code;
        if (code && is_defined(known->lab, name))
            add(&known->names, name);
        if (code || *to == '(' || is_capital(name))
            add(&known->calls, name);
        free(name);
    }
    free(part);
}

/* ---- all of it ---- */

static void add_alike(struct known *known)
{
    for (size_t i = 0; i < sizeof(alike) / sizeof(*alike); i++) {
        bool one = false;
        for (size_t k = 0; alike[i][k] != NULL; k++)
            one = one || has(&known->calls, alike[i][k]);
        for (size_t k = 0; one && alike[i][k] != NULL; k++)
            add(&known->calls, alike[i][k]);
    }
}

static char *read_lab(const char *root, const struct lab *lab)
{
    size_t length;
    char *path = xasprintf("%s/labs/%s.c", root, lab->stem);
    char *text = original_text(root, lab, &length);

    if (text == NULL)
        text = file_read(path, NULL);
    free(path);
    return text;
}

static char *read_text(const char *root, const char *directory,
                       const struct lab *lab, const char *kind)
{
    char *path = xasprintf("%s/%s/%s.%s", root, directory, lab->stem, kind);
    char *text = file_read(path, NULL);

    free(path);
    return text;
}

void known_read(const char *root, const struct lab *lab, struct known *known)
{
    char *page = read_text(root, "labs", lab, "md");

    *known = (struct known){.lab = read_lab(root, lab),
                            .solution = read_text(root, "solutions", lab, "c")};
    if (known->lab != NULL && known->solution != NULL) {
        ctext_blank(known->lab, false);
        ctext_blank(known->lab, true);
        ctext_blank(known->solution, false);
        known->statements = moved_statements(known->solution);
        ctext_blank(known->solution, true);
        read_solution(known);
        keep_variables(known);
        known->moves = known->calls.count == 0 && known->names.count == 0;
        if (page != NULL)
            read_page(known, page);
        add_alike(known);
    } else {
        for (const char *const *cure = cures; *cure != NULL; cure++)
            add(&known->calls, *cure);
    }
    free(page);
}

void known_free(struct known *known)
{
    strings_free(&known->calls);
    strings_free(&known->names);
    strings_free(&known->statements);
    free(known->lab);
    free(known->solution);
    *known = (struct known){0};
}

/* ---- what of it an attempt has ---- */

/* Everybody closes something. If the solution closes one thing more, the same
 * one must be closed. */
static bool closes_the_same(const struct known *known, const char *ours,
                            const char *theirs)
{
    const char *at = known->lab != NULL ? known->solution : NULL;
    bool asked = false, same = false;

    while (at != NULL && !same && (at = strstr(at, "close(")) != NULL) {
        char *call = xasprintf("%.*s)", (int)strcspn(at, ");"), at);
        if (ctext_count_bytes(known->solution, call) >
            ctext_count_bytes(known->lab, call)) {
            asked = true;
            same =
                ctext_count_bytes(theirs, call) > ctext_count_bytes(ours, call);
        }
        free(call);
        at++;
    }
    return same || !asked;
}

/* Who asks for a pid may only want to know which process to let off. It counts
 * where the solution asks, too. */
static bool asks_who(const struct known *known, const char *name)
{
    return strcmp(name, "getpid") == 0 && known->solution != NULL &&
           ctext_uses(known->solution, name) <= ctext_uses(known->lab, name);
}

/* Called by its name, or by its number where libc has no function for it. */
static int count_uses(const char *text, const char *name)
{
    char *number = xasprintf("SYS_%s", name);
    int count = ctext_uses(text, name) + ctext_uses(text, number);

    free(number);
    if (strcmp(name, "pthread_atfork") == 0)
        count -= ctext_count_bytes(text, "pthread_atfork(NULL, NULL, NULL)");
    return count;
}

struct strings known_used(const struct known *known, const char *ours,
                          const char *theirs)
{
    struct strings used = {0};

    for (size_t i = 0; i < known->calls.count; i++) {
        const char *name = known->calls.item[i];
        if (count_uses(theirs, name) > count_uses(ours, name) &&
            !asks_who(known, name) &&
            (strcmp(name, "close") != 0 ||
             closes_the_same(known, ours, theirs)))
            strings_add(&used, name);
    }
    for (size_t i = 0; i < known->names.count; i++) {
        const char *name = known->names.item[i];
        if (ctext_count(theirs, name) > ctext_count(ours, name) &&
            !has(&used, name))
            strings_add(&used, name);
    }
    return used;
}

char *known_lost(const struct known *known, const char *ours,
                 const char *theirs)
{
    struct strings names = {0};
    char *lost = NULL;

    if (known->solution != NULL)
        names = names_of(ours);
    for (size_t i = 0; i < names.count && lost == NULL; i++) {
        const char *name = names.item[i];
        int uses = ctext_uses(ours, name);
        if (is_defined(ours, name) && ctext_uses(theirs, name) < uses &&
            ctext_uses(known->solution, name) >= uses)
            lost = xstrdup(name);
    }
    strings_free(&names);
    return lost;
}

/* ---- words for a reader ---- */

static bool is_of_libraries(const char *name)
{
    for (const char *const *cure = cures; *cure != NULL; cure++)
        if (strcmp(*cure, name) == 0)
            return true;
    return false;
}

bool known_is_imported(const char *name)
{
    return is_of_libraries(name) && !is_capital(name) &&
           strcmp(name, "atomic_store") != 0;
}

char *known_words(const struct strings *used)
{
    char *list = NULL;

    for (size_t i = 0; i < used->count; i++) {
        if (!is_of_libraries(used->item[i]))
            continue;
        char *longer = list ? xasprintf("%s, %s", list, used->item[i])
                            : xstrdup(used->item[i]);
        free(list);
        list = longer;
    }
    return list;
}
