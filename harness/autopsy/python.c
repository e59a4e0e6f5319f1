/* SPDX-License-Identifier: MIT
 *
 * python: where a thread of CPython is in its script, see script.h. The offsets
 * are those of the structures of these names in CPython's Include/internal, on
 * machines with 64 bits.
 */
#define _GNU_SOURCE

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "autopsy/pylines.h"
#include "autopsy/script.h"
#include "base/memory.h"

#define MAX_THREADS 4096
#define MAX_TABLE 65536 /* bytes of a table of lines */
#define OWNED_BY_C 3    /* a frame that stands for one of C, since 3.12 */

struct layout {
    unsigned version; /* 0x030b: 3.11 */
    /* _PyRuntimeState, PyInterpreterState */
    size_t interpreters, next_interpreter, threads;
    /* PyThreadState: with `indirect` its frame is in a _PyCFrame */
    size_t next_thread, native_id, frame, indirect;
    /* _PyInterpreterFrame; PyFrameObject up to 3.10, which has no owner */
    size_t previous, code, instruction, owner;
    /* PyCodeObject */
    size_t first_line, file, name, lines, bytecode;
    size_t ascii; /* sizeof(PyASCIIObject) */
    enum pylines table;
    unsigned unit; /* bytes that the instruction's number counts; 0: it is an
                      address */
};

#define NOT_INDIRECT ((size_t)-1)
#define NO_OWNER ((size_t)-1)

/* Up to 3.10, native_id is the place of a pthread_t. */
static const struct layout layouts[] = {
    {0x0309,   32, 0,   8,   8,   176, 24, NOT_INDIRECT,   24, 32, 104,
     NO_OWNER, 40, 104, 112, 120, 0,   48, PYLINES_LNOTAB, 1},
    {0x030a, 32,       0,  8,   8,   176, 24, NOT_INDIRECT, 24,          32,
     96,     NO_OWNER, 40, 104, 112, 120, 0,  48,           PYLINES_310, 2},
    {0x030b, 40, 0,  16,  8,   160, 56,  8,  48,          32,
     56,     69, 72, 112, 128, 136, 184, 48, PYLINES_311, 0},
    {0x030c, 40, 0,  72,  8,   144, 56,  0,  8,           0,
     56,     70, 68, 112, 128, 136, 192, 40, PYLINES_311, 0},
    {0x030d, 632, 7264, 7344, 8,   160, 72,  NOT_INDIRECT, 8,           0,
     56,     70,  68,   112,  128, 136, 200, 40,           PYLINES_311, 0},
};

struct python {
    const struct script *script;
    const struct layout *at;
    unsigned long runtime, code_type;
};

static bool read_at(const struct python *python, unsigned long address,
                    void *value, size_t size)
{
    return script_read(python->script, address, value, size);
}

/* 0 where it cannot be read. */
static unsigned long pointer_at(const struct python *python,
                                unsigned long address)
{
    return script_pointer(python->script, address);
}

/* "python3.9" or "libpython3.9.so.1.0" is 0x0309; 0: neither. Py_Version is
 * there since 3.11. */
static unsigned version_by_name(const struct image *image,
                                unsigned long address)
{
    const struct module *module = module_at(image, address);
    char *name = module ? module_name(module) : NULL;
    const char *at = name ? strstr(name, "python3.") : NULL;
    unsigned minor = at ? (unsigned)strtoul(at + 8, NULL, 10) : 0;

    free(name);
    return minor > 0 && minor < 11 ? 0x0300 | minor : 0;
}

static unsigned version_of(const struct python *python,
                           const struct image *image)
{
    unsigned long address = symbol_address(image, "Py_Version");
    unsigned number = 0;

    if (address == 0)
        return version_by_name(image, python->runtime);
    return read_at(python, address, &number, sizeof(number)) ? number >> 16 : 0;
}

static bool find_python(const struct script *script, struct python *python)
{
    *python = (struct python){.script = script,
                              .runtime = script->symbol[0],
                              .code_type = script->symbol[1]};
    unsigned version = version_of(python, script->image);
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
        if (layouts[i].version == version)
            python->at = &layouts[i];
    return python->at != NULL;
}

/* ---- threads ---- */

static bool is_thread(const struct python *python, unsigned long number,
                      pid_t tid)
{
    return python->at->unit == 0
               ? number == (unsigned long)tid
               : script_is_thread(python->script, number, tid);
}

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
        if (is_thread(python, number, tid))
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

/* How many bytes from the first instruction of its code the frame is; -1: it is
 * not in it. */
static long offset_of(const struct python *python, unsigned long frame,
                      unsigned long code)
{
    const struct layout *at = python->at;
    int number = -1;

    if (at->unit == 0) {
        unsigned long address = pointer_at(python, frame + at->instruction);
        return address < code + at->bytecode
                   ? -1
                   : (long)(address - code - at->bytecode);
    }
    if (!read_at(python, frame + at->instruction, &number, sizeof(number)))
        return -1;
    return number < 0 ? 0 : (long)number * (long)at->unit;
}

static int line_at(const struct python *python, unsigned long frame,
                   unsigned long code)
{
    const struct layout *at = python->at;
    unsigned long table = pointer_at(python, code + at->lines);
    unsigned long size = pointer_at(python, table + 16);
    long offset = offset_of(python, frame, code);
    int line = 0;

    if (size == 0 || size > MAX_TABLE || offset < 0 ||
        !read_at(python, code + at->first_line, &line, sizeof(line)))
        return 0;
    unsigned char *bytes = xcalloc(size, 1);
    line =
        read_at(python, table + 32, bytes, size)
            ? pylines_line(at->table, bytes, size, line, (unsigned long)offset)
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
    if ((at->owner != NO_OWNER &&
         (!read_at(python, frame + at->owner, &owner, 1) ||
          owner >= OWNED_BY_C)) ||
        pointer_at(python, code + 8) != python->code_type)
        return false;
    result->function = text_at(python, pointer_at(python, code + at->name));
    result->file = text_at(python, pointer_at(python, code + at->file));
    result->line = line_at(python, frame, code);
    return true;
}

size_t python_frames(const struct script *script, const struct scripted *thread,
                     struct frame **frames)
{
    struct python python;
    size_t count = 0;

    if (!find_python(script, &python))
        return 0;
    unsigned long state = find_thread(&python, thread->tid, thread->only);
    unsigned long frame = state ? first_frame(&python, state) : 0;
    for (int i = 0; frame != 0 && i < SCRIPT_FRAMES; i++) {
        struct frame one;
        if (read_frame(&python, frame, &one)) {
            GROW(*frames, count);
            (*frames)[count++] = one;
        }
        frame = pointer_at(&python, frame + python.at->previous);
    }
    return count;
}
