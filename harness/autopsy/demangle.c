/* SPDX-License-Identifier: MIT
 *
 * demangle: see demangle.h.
 */
#define _GNU_SOURCE
#include "autopsy/demangle.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef char *decoder(const char *mangled, char *buffer, size_t *length,
                      int *status);

static decoder *load_decoder(void)
{
    static decoder *found;
    static bool tried;

    if (tried)
        return found;
    tried = true;
    void *library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL)
        library = dlopen("libc++abi.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (library != NULL)
        *(void **)&found = dlsym(library, "__cxa_demangle");
    return found;
}

/* Does nothing follow that belongs to the name: "f(int) const", but not the
 * "::c" of "config()::c"? */
static bool ends_name(const char *rest)
{
    return rest[0] == '\0' || rest[0] == ' ';
}

/* Where the parameters begin: the last parenthesis outside of <...>, with
 * nothing of the name after it; the end where there are none. */
static size_t before_parameters(const char *name)
{
    int angles = 0, depth = 0;
    size_t start = strlen(name), found = start;

    for (size_t i = 0; name[i] != '\0'; i++) {
        angles += name[i] == '<';
        angles -= name[i] == '>' && angles > 0;
        if (angles > 0)
            continue;
        if (name[i] == '(' && depth++ == 0)
            start = i;
        if (name[i] == ')' && --depth == 0 && ends_name(name + i + 1) &&
            found == strlen(name))
            found = start;
    }
    return found;
}

/* Rust puts a hash at the end of each path: "a::LOCK::h0123456789abcdef". */
static size_t without_hash(const char *name, size_t length)
{
    const size_t hash = strlen("::h0123456789abcdef");

    if (length <= hash || strncmp(name + length - hash, "::h", 3) != 0 ||
        strspn(name + length - hash + 3, "0123456789abcdef") < 16)
        return length;
    return length - hash;
}

/* Where the name begins, after the type that a template function returns. */
static size_t after_type(const char *name, size_t length)
{
    int depth = 0;
    size_t start = 0;

    for (size_t i = 0; i < length; i++) {
        depth += name[i] == '<' || name[i] == '(';
        depth -= name[i] == '>' || name[i] == ')';
        if (name[i] == ' ' && depth == 0)
            start = i + 1;
    }
    return start;
}

char *demangle(const char *name)
{
    int status = -1;
    decoder *decode = strncmp(name, "_Z", 2) == 0 ? load_decoder() : NULL;
    char *full = decode ? decode(name, NULL, NULL, &status) : NULL;

    if (full == NULL || status != 0)
        return xstrdup(name);
    bool special = strncmp(full, "guard variable for ", 19) == 0 ||
                   strstr(full, "operator") != NULL;
    size_t length = without_hash(full, before_parameters(full));
    size_t start = special ? 0 : after_type(full, length);
    char *text = xasprintf("%.*s", (int)(length - start), full + start);
    free(full);
    return text;
}
