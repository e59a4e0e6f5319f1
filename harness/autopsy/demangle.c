/* SPDX-License-Identifier: MIT
 *
 * demangle: see demangle.h.
 */
#define _GNU_SOURCE
#include "autopsy/demangle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/library.h"
#include "base/memory.h"

typedef char *decoder(const char *mangled, char *buffer, size_t *length,
                      int *status);

static decoder *load_decoder(void)
{
    static decoder *found;
    static bool tried;
    const struct library_function function = {"__cxa_demangle", &found};

    if (tried)
        return found;
    tried = true;
    if (!library_load("libstdc++.so.6", &function, 1))
        library_load("libc++abi.so.1", &function, 1);
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

/* ---- Rust, v0 ---- */

/* The form of names that rustc makes since 2025, RFC 2603: a path of words with
 * their lengths, and references back to what has been named before. Of an impl
 * only the type is said, and no generic arguments. What is not known makes that
 * the name stays as it is. */
struct rust {
    const char *start; /* after "_R": references count from here */
    const char *at;
    char text[256];
    int depth;
    bool failed;
};

static void say(struct rust *rust, const char *word, size_t length)
{
    size_t used = strlen(rust->text);

    if (used + length + 1 > sizeof(rust->text))
        rust->failed = true;
    else
        memcpy(rust->text + used, word, length);
}

/* "_" is 0, "0_" is 1, "1_" is 2 ...: digits, lower case, upper case. */
static size_t rust_number(struct rust *rust)
{
    size_t value = 0;

    if (*rust->at == '_') {
        rust->at++;
        return 0;
    }
    for (; *rust->at != '_'; rust->at++) {
        char c = *rust->at;
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'z' ? c - 'a' + 10
                    : c >= 'A' && c <= 'Z' ? c - 'A' + 36
                                           : -1;
        if (digit == -1) {
            rust->failed = true;
            return 0;
        }
        value = value * 62 + (size_t)digit;
    }
    rust->at++;
    return value + 1;
}

/* [s number] [u] length [_] bytes */
static void rust_word(struct rust *rust, bool silent)
{
    char *end;

    if (*rust->at == 's') {
        rust->at++;
        rust_number(rust);
    }
    if (*rust->at < '0' || *rust->at > '9') {
        rust->failed = true;
        return;
    }
    size_t length = strtoul(rust->at, &end, 10);
    if (length == 0) /* the next word may begin with a digit */
        end = (char *)rust->at + 1;
    end += *end == '_';
    if (length > strlen(end)) {
        rust->failed = true;
        return;
    }
    if (length > 0 && !silent) {
        if (rust->text[0] != '\0')
            say(rust, "::", 2);
        say(rust, end, length);
    }
    rust->at = end + length;
}

typedef void rust_part(struct rust *rust);

static rust_part rust_path, rust_type;

/* Reads what is not to be seen: the place of an impl. */
static void rust_silent(struct rust *rust, rust_part *part)
{
    char before[sizeof(rust->text)];

    memcpy(before, rust->text, sizeof(before));
    part(rust);
    memcpy(rust->text, before, sizeof(before));
}

/* Up to the E that ends them. */
static void rust_silent_list(struct rust *rust, rust_part *part)
{
    while (!rust->failed && *rust->at != 'E')
        rust_silent(rust, part);
    rust->at += !rust->failed;
}

static void rust_back(struct rust *rust, rust_part *part)
{
    size_t to = rust_number(rust);
    const char *after = rust->at;

    if (rust->failed || to >= (size_t)(after - rust->start)) {
        rust->failed = true;
        return;
    }
    rust->at = rust->start + to;
    part(rust);
    rust->at = after;
}

/* A number behind this letter, if that is there: of a lifetime, of which impl.
 */
static void rust_skip(struct rust *rust, char letter)
{
    if (*rust->at != letter)
        return;
    rust->at++;
    rust_number(rust);
}

/* [G number] [U] [K abi] types E type */
static void rust_function(struct rust *rust)
{
    rust_skip(rust, 'G');
    rust->at += *rust->at == 'U';
    if (*rust->at == 'K' && *++rust->at == 'C')
        rust->at++;
    else if (rust->at[-1] == 'K')
        rust_word(rust, true);
    rust_silent_list(rust, rust_type);
    rust_silent(rust, rust_type);
}

/* A trait of a dyn type, with what is said of its types: p word type. */
static void rust_trait(struct rust *rust)
{
    rust_path(rust);
    while (!rust->failed && *rust->at == 'p') {
        rust->at++;
        rust_word(rust, true);
        rust_silent(rust, rust_type);
    }
}

/* A type and a value: "ja_" is 10, of usize. */
static void rust_constant(struct rust *rust)
{
    if (*rust->at == 'B') {
        rust->at++;
        rust_back(rust, rust_constant);
        return;
    }
    rust->at += *rust->at >= 'a' && *rust->at <= 'z';
    if (*rust->at == 'p') {
        rust->at++;
        return;
    }
    rust->at += *rust->at == 'n';
    rust->at += strspn(rust->at, "0123456789abcdef");
    rust->failed = rust->failed || *rust->at != '_';
    rust->at += !rust->failed;
}

static void rust_type(struct rust *rust)
{
    char kind = *rust->at;

    if (rust->failed || kind == '\0' || ++rust->depth > 64) {
        rust->failed = true;
        return;
    }
    if (strchr("CNMXYI", kind) != NULL) {
        rust_path(rust);
        rust->depth--;
        return;
    }
    rust->at++;
    if (kind == 'B') {
        rust_back(rust, rust_type);
    } else if (kind == 'R' || kind == 'Q') { /* a reference */
        rust_skip(rust, 'L');
        rust_type(rust);
    } else if (kind == 'P' || kind == 'O' || kind == 'S') {
        rust_type(rust); /* a pointer, a slice */
    } else if (kind == 'A') {
        rust_type(rust);
        rust_constant(rust);
    } else if (kind == 'T') {
        rust_silent_list(rust, rust_type);
    } else if (kind == 'F') {
        rust_function(rust);
    } else if (kind == 'D') {
        rust_skip(rust, 'G');
        rust_silent_list(rust, rust_trait);
        rust_skip(rust, 'L');
    } else if (kind < 'a' || kind > 'z') { /* these are u8, str ... */
        rust->failed = true;
    }
    rust->depth--;
}

/* A type, a lifetime or a constant. */
static void rust_argument(struct rust *rust)
{
    if (*rust->at == 'L') {
        rust_skip(rust, 'L');
    } else if (*rust->at == 'K') {
        rust->at++;
        rust_constant(rust);
    } else {
        rust_type(rust);
    }
}

/* [s number] place type [trait]: the words of the type are said. */
static void rust_impl(struct rust *rust, char kind)
{
    if (kind != 'Y') {
        rust_skip(rust, 's');
        rust_silent(rust, rust_path);
    }
    rust_type(rust);
    if (kind != 'M')
        rust_silent(rust, rust_path);
}

static void rust_path(struct rust *rust)
{
    char kind = *rust->at;

    if (rust->failed || kind == '\0' || ++rust->depth > 64) {
        rust->failed = true;
        return;
    }
    rust->at++;
    if (kind == 'C') {
        rust_word(rust, false);
    } else if (kind == 'N') {
        char space = *rust->at;
        rust->at += space != '\0';
        rust_path(rust);
        rust_word(rust, false);
        if (space == 'C')
            say(rust, "::{closure}", 11);
    } else if (kind == 'M' || kind == 'X' || kind == 'Y') {
        rust_impl(rust, kind);
    } else if (kind == 'I') { /* a path with arguments */
        rust_path(rust);
        rust_silent_list(rust, rust_argument);
    } else if (kind == 'B') {
        rust_back(rust, rust_path);
    } else {
        rust->failed = true;
    }
    rust->depth--;
}

static char *demangle_rust(const char *name)
{
    struct rust rust = {.start = name + 2, .at = name + 2};

    rust_path(&rust);
    return rust.failed || rust.text[0] == '\0' ? NULL : xstrdup(rust.text);
}

/* In the form before that, names are C++'s with signs spelt out. An identifier
 * that begins with a sign has a '_' before it. A closure is called as above. */
static void replace_signs(char *name)
{
    static const char *const signs[][2] = {
        {"_$u7b$$u7b$closure$u7d$$u7d$", "{closure}"},
        {"$u7b$$u7b$closure$u7d$$u7d$", "{closure}"},
        {"_$LT$", "<"},
        {"$LT$", "<"},
        {"$GT$", ">"},
        {"$RF$", "&"},
        {"$BP$", "*"},
        {"$LP$", "("},
        {"$RP$", ")"},
        {"$C$", ","},
        {"$u20$", " "},
        {"$u27$", "'"},
        {"$u5b$", "["},
        {"$u5d$", "]"},
        {"$u7b$", "{"},
        {"$u7d$", "}"},
        {"..", "::"}};

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        for (char *at; (at = strstr(name, signs[i][0])) != NULL;) {
            size_t to = strlen(signs[i][1]), from = strlen(signs[i][0]);
            memcpy(at, signs[i][1], to);
            memmove(at + to, at + from, strlen(at + from) + 1);
        }
}

char *demangle(const char *name)
{
    char *rust = strncmp(name, "_R", 2) == 0 ? demangle_rust(name) : NULL;

    if (rust != NULL)
        return rust;

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
    replace_signs(text);
    free(full);
    return text;
}
