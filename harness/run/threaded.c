/* SPDX-License-Identifier: MIT
 *
 * threaded: see threaded.h.
 */
#define _GNU_SOURCE
#include "run/threaded.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "linux/elf.h"
#include "linux/imports.h"

/* More words of a command than that are not looked at. */
#define MAX_WORDS 100

/* What stands between two words of a shell. */
static const char BLANKS[] = " \t\r\n;|&()<>'\"`";

static bool may_have_threads(const char *path)
{
    static const char *const makers[] = {
        "pthread_create", "thrd_create", "clone", "clone3", "dlopen", NULL};
    static const char *const harmless[] = {
        "libc.so",  "libc.musl",   "ld-",      "libm.so",  "libdl.so",
        "libtinfo", "libselinux.", "libcrypt", "libgcc_s", NULL};

    return elf_loads_others(path, harmless) || file_imports_any(path, makers);
}

/* The caller frees it. NULL: no program. */
static char *find_program(const char *word)
{
    const char *path = getenv("PATH");
    struct stat info;

    if (strchr(word, '/') == NULL)
        return word[0] == '\0'
                   ? NULL
                   : file_in_path(path ? path : "/bin:/usr/bin", word);
    return stat(word, &info) == 0 && S_ISREG(info.st_mode) &&
                   access(word, X_OK) == 0
               ? xstrdup(word)
               : NULL;
}

/* The first line of a script, "#!/usr/bin/env python3", without its #!; empty
 * for what is no script. */
static void first_line(const char *path, char line[256])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t length = fd == -1 ? -1 : read(fd, line, 255);

    if (fd != -1)
        close(fd);
    line[length > 0 ? length : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '#' && line[1] == '!')
        memmove(line, line + 2, strlen(line) - 1);
    else
        line[0] = '\0';
}

static bool names_threaded(const char *text, bool scripts);

static bool is_threaded(const char *path, bool scripts)
{
    char line[256] = "";

    if (scripts)
        first_line(path, line);
    return may_have_threads(path) || names_threaded(line, false);
}

/* Is one of the words a program that may have threads, or (with `scripts`) a
 * script for one? */
static bool names_threaded(const char *text, bool scripts)
{
    char *words = xstrdup(text), *rest = words, *word;
    bool found = false;

    for (int i = 0;
         !found && i < MAX_WORDS && (word = strsep(&rest, BLANKS)) != NULL;
         i++) {
        char *program = find_program(word);
        found = program != NULL && is_threaded(program, scripts);
        free(program);
    }
    free(words);
    return found;
}

bool threaded_command(char *const *argv)
{
    char *program = find_program(argv[0]);
    bool threaded = program == NULL || is_threaded(program, true);

    free(program);
    for (char *const *argument = argv + 1; !threaded && *argument; argument++)
        threaded = names_threaded(*argument, true);
    return threaded;
}
