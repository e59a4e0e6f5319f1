/* SPDX-License-Identifier: MIT
 *
 * python: see python.h. The offsets are those of the structures of these names
 * in CPython's Include/internal, on machines with 64 bits.
 */
#define _GNU_SOURCE
#include "autopsy/python.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "linux/remote.h"

#define MAX_THREADS 4096
#define MAX_FRAMES 64
#define MAX_TABLE 65536 /* bytes of a table of lines */
#define OWNED_BY_C 3    /* a frame that stands for one of C, since 3.12 */

struct layout {
    unsigned version; /* 0x030b: 3.11 */
    /* _PyRuntimeState, PyInterpreterState */
    size_t interpreters, next_interpreter, threads;
    /* PyThreadState: with `indirect` its frame is in a _PyCFrame */
    size_t next_thread, native_id, frame, indirect;
    /* _PyInterpreterFrame */
    size_t previous, code, instruction, owner;
    /* PyCodeObject */
    size_t first_line, file, name, lines, bytecode;
    size_t ascii; /* sizeof(PyASCIIObject) */
};

#define NOT_INDIRECT ((size_t)-1)

static const struct layout layouts[] = {
    {0x030b, 40, 0, 16, 8, 160, 56, 8, 48, 32, 56, 69, 72, 112, 128, 136, 184,
     48},
    {0x030c, 40, 0, 72, 8, 144, 56, 0, 8, 0, 56, 70, 68, 112, 128, 136, 192,
     40},
    {0x030d, 632, 7264, 7344, 8, 160, 72, NOT_INDIRECT, 8, 0, 56, 70, 68, 112,
     128, 136, 200, 40},
};

struct python {
    pid_t pid;
    const struct layout *at;
    unsigned long runtime, code_type;
};

static bool read_at(const struct python *python, unsigned long address,
                    void *value, size_t size)
{
    return address != 0 && remote_read(python->pid, address, value, size);
}

/* 0 where it cannot be read. */
static unsigned long pointer_at(const struct python *python,
                                unsigned long address)
{
    unsigned long value = 0;

    return read_at(python, address, &value, sizeof(value)) ? value : 0;
}

static bool find_python(const struct image *image, struct python *python)
{
    unsigned long version = symbol_address(image, "Py_Version");
    unsigned number = 0;

    *python =
        (struct python){.pid = image->pid,
                        .runtime = symbol_address(image, "_PyRuntime"),
                        .code_type = symbol_address(image, "PyCode_Type")};
    if (python->runtime == 0 || python->code_type == 0 ||
        !read_at(python, version, &number, sizeof(number)))
        return false;
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
        if (layouts[i].version == number >> 16)
            python->at = &layouts[i];
    return python->at != NULL;
}

/* ---- threads ---- */

/* The PyThreadState with this number. Where it is the only one of a process
 * with one thread, its number may be that of the thread that it was copied
 * from. */
static unsigned long find_thread(const struct python *python, pid_t tid,
                                 bool only)
{
    const struct layout *at = python->at;
    unsigned long interpreter =
        pointer_at(python, python->runtime + at->interpreters);
    unsigned long first = pointer_at(python, interpreter + at->threads);
    int count = 0;

    for (unsigned long thread = first; thread != 0 && count < MAX_THREADS;
         thread = pointer_at(python, thread + at->next_thread)) {
        unsigned long number = 0;
        if (!read_at(python, thread + at->native_id, &number, sizeof(number)))
            return 0;
        if (number == (unsigned long)tid)
            return thread;
        count++;
    }
    bool other = pointer_at(python, interpreter + at->next_interpreter) != 0;
    return only && count == 1 && !other ? first : 0;
}

static unsigned long first_frame(const struct python *python,
                                 unsigned long thread)
{
    unsigned long frame = pointer_at(python, thread + python->at->frame);

    return python->at->indirect == NOT_INDIRECT
               ? frame
               : pointer_at(python, frame + python->at->indirect);
}

/* ---- code ---- */

/* A string of ASCII characters, as names and paths nearly always are; NULL for
 * any other. The bits of its state are: interned 2, kind 3, compact, ascii. */
static char *text_at(const struct python *python, unsigned long object)
{
    unsigned long length = 0;
    unsigned state = 0;

    if (!read_at(python, object + 16, &length, sizeof(length)) ||
        !read_at(python, object + 32, &state, sizeof(state)) ||
        (state & 0x60) != 0x60 || length == 0 || length > 4096)
        return NULL;
    char *text = xcalloc(length + 1, 1);
    if (read_at(python, object + python->at->ascii, text, length) &&
        strlen(text) == length)
        return text;
    free(text);
    return NULL;
}

/* Six bits a byte, the lowest first; bit 6 says that there are more. */
static unsigned long number_in(const unsigned char *table, size_t size,
                               size_t *at)
{
    unsigned long value = 0;

    for (unsigned shift = 0; *at < size && shift < 60; shift += 6) {
        unsigned char byte = table[(*at)++];
        value |= (unsigned long)(byte & 63) << shift;
        if (!(byte & 64))
            break;
    }
    return value;
}

static long signed_in(const unsigned char *table, size_t size, size_t *at)
{
    unsigned long value = number_in(table, size, at);

    return value & 1 ? -(long)(value >> 1) : (long)(value >> 1);
}

/* By how many lines an entry of this kind goes on; skips what it has beside. */
static long step_of(unsigned kind, const unsigned char *table, size_t size,
                    size_t *at)
{
    long step = 0;

    if (kind == 14) { /* long: line, end line, column, end column */
        step = signed_in(table, size, at);
        for (int i = 0; i < 3; i++)
            number_in(table, size, at);
    } else if (kind == 13) {
        step = signed_in(table, size, at);
    } else if (kind >= 10 && kind <= 12) {
        step = (long)kind - 10;
        *at += 2;
    } else if (kind < 10) {
        *at += 1;
    }
    return step;
}

/* The line of an instruction by Objects/locations.md of CPython 3.11: each
 * entry is for 1 to 8 units of two bytes. 0: it has none. */
static int line_in(const unsigned char *table, size_t size, int line,
                   unsigned long offset)
{
    unsigned long covered = 0;

    for (size_t at = 0; at < size;) {
        unsigned char first = table[at++];
        unsigned kind = (first >> 3) & 15;
        if (!(first & 0x80))
            return 0;
        line += (int)step_of(kind, table, size, &at);
        covered += 2UL * ((first & 7U) + 1);
        if (offset < covered)
            return kind == 15 ? 0 : line;
    }
    return 0;
}

static int line_at(const struct python *python, unsigned long code,
                   unsigned long instruction)
{
    const struct layout *at = python->at;
    unsigned long table = pointer_at(python, code + at->lines);
    unsigned long size = pointer_at(python, table + 16);
    int line = 0;

    if (size == 0 || size > MAX_TABLE || instruction < code + at->bytecode ||
        !read_at(python, code + at->first_line, &line, sizeof(line)))
        return 0;
    unsigned char *bytes = xcalloc(size, 1);
    line = read_at(python, table + 32, bytes, size)
               ? line_in(bytes, size, line, instruction - code - at->bytecode)
               : 0;
    free(bytes);
    return line;
}

/* False where it is no frame of a script. */
static bool read_frame(const struct python *python, unsigned long frame,
                       struct frame *result)
{
    const struct layout *at = python->at;
    unsigned long code = pointer_at(python, frame + at->code);
    unsigned char owner = 0;

    *result = (struct frame){0};
    if (!read_at(python, frame + at->owner, &owner, 1) || owner >= OWNED_BY_C ||
        pointer_at(python, code + 8) != python->code_type)
        return false;
    result->function = text_at(python, pointer_at(python, code + at->name));
    result->file = text_at(python, pointer_at(python, code + at->file));
    result->line =
        line_at(python, code, pointer_at(python, frame + at->instruction));
    return true;
}

size_t python_frames(const struct image *image, pid_t tid, bool only,
                     struct frame **frames)
{
    struct python python;
    size_t count = 0;

    *frames = NULL;
    if (sizeof(long) != 8 || !find_python(image, &python))
        return 0;
    unsigned long thread = find_thread(&python, tid, only);
    unsigned long frame = thread ? first_frame(&python, thread) : 0;
    for (int i = 0; frame != 0 && i < MAX_FRAMES; i++) {
        struct frame one;
        if (read_frame(&python, frame, &one)) {
            GROW(*frames, count);
            (*frames)[count++] = one;
        }
        frame = pointer_at(&python, frame + python.at->previous);
    }
    return count;
}
