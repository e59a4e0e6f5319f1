/* SPDX-License-Identifier: MIT
 *
 * text: see text.h.
 */
#define _GNU_SOURCE
#include "base/text.h"

#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

/* ---- style ---- */

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0';
}

static int number_from(const char *name, int least, int most, int otherwise)
{
    const char *value = getenv(name);
    int number = value != NULL ? atoi(value) : 0;

    return number >= least && number <= most ? number : otherwise;
}

static bool wants_color(FILE *stream)
{
    const char *term = getenv("TERM");

    if (is_set("NO_COLOR"))
        return false;
    if (is_set("FORCE_COLOR") && (stream == stdout || stream == stderr))
        return true;
    return isatty(fileno(stream)) && term != NULL && strcmp(term, "dumb") != 0;
}

/* Lines of the screen that are not the page's: the command above it, and the
 * prompt below it. */
#define BESIDE 2

bool switched_on(const char *name)
{
    const char *value = getenv(name);

    return is_set(name) && value != NULL && strcmp(value, "0") != 0;
}

/* More than any page has. */
#define ENDLESS 10000

struct style style_for(FILE *stream)
{
    struct winsize window;
    int columns = 80;

    if (switched_on("PLAIN"))
        return (struct style){
            .columns = ENDLESS, .lines = ENDLESS, .plain = true};

    if (isatty(fileno(stream)) &&
        ioctl(fileno(stream), TIOCGWINSZ, &window) == 0 &&
        window.ws_col >= 40 && window.ws_col < 80)
        columns = window.ws_col;
    return (struct style){.columns = number_from("COLUMNS", 40, 200, columns),
                          .lines = number_from("LINES", 20, 200, 24) - BESIDE,
                          .color = wants_color(stream)};
}

/* ---- clean text ---- */

/* The bytes of the printable character at text, and its width; 0 if there is
 * none. What has no width is refused: it hides, or turns the line round. */
static size_t printable(const char *text, size_t length, int *width)
{
    unsigned char byte = (unsigned char)text[0];
    mbstate_t state = {0};
    wchar_t character;

    *width = 1;
    if (byte < 0x80)
        return byte >= ' ' && byte < 0x7f;
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return 0;
    size_t size = mbrtowc(&character, text, length, &state);
    if (size == 0 || size > length || !iswprint((wint_t)character))
        return 0;
    *width = wcwidth(character);
    return *width > 0 ? size : 0;
}

char *text_clean(const char *text, size_t length)
{
    /* A tab takes up to 8 bytes, an escaped byte 4. */
    char *clean = xcalloc(length * 8 + 1, 1);
    size_t used = 0, column = 0, at = 0;
    int width;

    while (at < length) {
        size_t size = printable(text + at, length - at, &width);
        if (size > 0) {
            memcpy(clean + used, text + at, size);
            used += size;
            column += (size_t)width;
            at += size;
        } else if (text[at] == '\t') {
            size_t blanks = 8 - column % 8;
            memset(clean + used, ' ', blanks);
            used += blanks;
            column += blanks;
            at++;
        } else {
            used += (size_t)sprintf(clean + used, "\\x%02X",
                                    (unsigned char)text[at++]);
            column += 4;
        }
    }
    return clean;
}

/* The bytes that fit into width columns. */
static size_t bytes_within(const char *clean, size_t length, size_t width)
{
    size_t at = 0;
    int wide;

    while (at < length) {
        size_t size = printable(clean + at, length - at, &wide);
        if (size == 0 || (size_t)wide > width)
            break;
        width -= (size_t)wide;
        at += size;
    }
    return at;
}

size_t text_width(const char *clean)
{
    size_t length = strlen(clean), at = 0, sum = 0;
    int width;

    while (at < length) {
        size_t size = printable(clean + at, length - at, &width);
        if (size == 0) {
            size = 1;
            width = 1;
        }
        sum += (size_t)width;
        at += size;
    }
    return sum;
}

char *text_cut(const char *clean, size_t width)
{
    if (text_width(clean) <= width)
        return xstrdup(clean);
    size_t dots = width >= 4 ? 2 : 0;
    size_t bytes = bytes_within(clean, strlen(clean), width - dots);
    return xasprintf("%.*s%s", (int)bytes, clean, dots ? ".." : "");
}

/* The rules of Chinese and Japanese for the start and the end of a line, JIS X
 * 4051, as far as these texts need them. */
static const wchar_t not_first[] =
    L")]}.,:;!?%、。，．：；？！）］｝〉》」』】〕・…"
    L"ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々";
static const wchar_t not_last[] = L"([{（［｛〈《「『【〔";

static wchar_t character_at(const char *text, size_t length)
{
    mbstate_t state = {0};
    wchar_t character = 0;
    size_t size = mbrtowc(&character, text, length, &state);

    return size > 0 && size <= length ? character : 0;
}

/* May a line end before that byte, because a character beside it is wide? There
 * the languages have no blanks between words. */
static bool wide_break(const char *clean, size_t at)
{
    size_t before = at - 1;

    if ((unsigned char)clean[before] < 0x80 && (unsigned char)clean[at] < 0x80)
        return false;
    while (before > 0 && (clean[before] & 0xc0) == 0x80)
        before--;
    wchar_t left = character_at(clean + before, at - before);
    wchar_t right = character_at(clean + at, strnlen(clean + at, MB_LEN_MAX));
    return left != 0 && right != 0 &&
           (wcwidth(left) == 2 || wcwidth(right) == 2) &&
           wcschr(not_first, right) == NULL && wcschr(not_last, left) == NULL;
}

size_t text_break(const char *clean, size_t width)
{
    size_t length = strlen(clean);
    size_t bytes = bytes_within(clean, length, width);
    int wide;

    if (bytes == length)
        return length;
    if (clean[bytes] != ' ')
        for (size_t at = bytes; at > 0; at--)
            if ((clean[at - 1] == ' ' && strspn(clean, " ") < at) ||
                wide_break(clean, at))
                return at;
    if (bytes == 0)
        bytes = printable(clean, length, &wide);
    return bytes > 0 ? bytes : 1;
}

size_t text_skip_blanks(const char *text)
{
    return strspn(text, " ");
}

void text_wrap(struct strings *lines, const char *clean, size_t width,
               size_t indent, size_t most)
{
    const char *rest = clean;

    do {
        size_t blank = lines->count > 0 ? indent : 0;
        size_t room = width > blank + 4 ? width - blank : 4;
        size_t bytes = text_break(rest, room);
        bool last = lines->count + 1 >= most;
        char *part =
            last ? text_cut(rest, room) : xasprintf("%.*s", (int)bytes, rest);
        char *line = xasprintf("%*s%s", (int)blank, "", part);
        strings_add(lines, line);
        free(line);
        free(part);
        rest = last ? "" : rest + bytes;
        rest += text_skip_blanks(rest);
    } while (*rest != '\0');
}

bool text_ends(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length > tail && strcmp(text + length - tail, end) == 0;
}

bool text_same(const char *text, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(text, other, length) == 0;
}
