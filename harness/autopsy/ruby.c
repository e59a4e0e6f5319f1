/* SPDX-License-Identifier: MIT
 *
 * ruby: where a thread of Ruby is in its script, see script.h. The offsets are
 * those of the structures of these names in Ruby 3.1 (vm_core.h, ractor_core.h,
 * iseq.c), on machines with 64 bits and glibc. Only threads of the main ractor
 * are found. Functions of Ruby that are written in C have no frame here: their
 * names are not in memory as text, and the stack of the thread tells what
 * waits.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "autopsy/script.h"
#include "base/memory.h"

#define MAX_THREADS 4096

/* rb_vm_t, rb_ractor_t, rb_thread_t, rb_execution_context_t */
enum { VM_RACTOR = 32, RACTOR_THREADS = 304 };
enum { THREAD_VM = 32, THREAD_CONTEXT = 40, THREAD_NUMBER = 80 };
enum { CONTEXT_STACK = 0, CONTEXT_SIZE = 8, CONTEXT_FRAME = 16 };
/* Further on in rb_thread_t; interrupt_lock, before them, has another size
 * elsewhere. And rb_mutex_t, thread_sync.c. */
#ifdef __x86_64__
enum { THREAD_WANTS = 264, THREAD_HAS = 272 };
#else
enum { THREAD_WANTS = 0, THREAD_HAS = 0 };
#endif
enum { MUTEX_NEXT = 8, MAX_MUTEXES = 1024 };
/* rb_control_frame_t, of which the next one is the caller's */
enum { FRAME_PC = 0, FRAME_CODE = 16, FRAME_ENV = 32, FRAME_SIZE = 64 };
#define OF_C 0x80 /* VM_FRAME_FLAG_CFRAME */
/* rb_iseq_t and its body */
enum { CODE_BODY = 16, BODY_SIZE = 4, BODY_CODE = 8 };
enum { BODY_PATH = 64, BODY_LABEL = 80 };
enum { BODY_LINES = 120, BODY_LINES_COUNT = 136, BODY_LINES_INDEX = 144 };
enum { LINE_SIZE = 12 };
/* RBasic, RString, RArray */
#define TYPE(flags) ((flags)&0x1f)
#define IS_CODE(flags) (TYPE(flags) == 26 && ((flags) >> 12 & 15) == 7)
#define NOT_EMBEDDED(flags) ((flags)&0x2000)
#define EMBEDDED(flags) ((flags)&0x2000) /* of an array */
enum { T_STRING = 5, T_ARRAY = 7, T_DATA = 12, OBJECT_DATA = 16 };
enum { TYPED = 24, TYPED_DATA = 32 }; /* RTypedData */
enum { STRING_LENGTH = 16, STRING_TEXT = 24, ARRAY_ITEMS = 32 };

static bool is_known(const struct script *script)
{
    char version[4];

    return script_read(script, script->symbol[1], version, sizeof(version)) &&
           memcmp(version, "3.1.", sizeof(version)) == 0;
}

/* Is it this one of the threads? */
typedef bool wanted_thread(const struct script *script, unsigned long thread,
                           unsigned long argument);

static bool has_tid(const struct script *script, unsigned long thread,
                    unsigned long tid)
{
    return script_is_thread(
        script, script_pointer(script, thread + THREAD_NUMBER), (pid_t)tid);
}

/* Has it locked the mutex? */
static bool has_mutex(const struct script *script, unsigned long thread,
                      unsigned long mutex)
{
    unsigned long held = script_pointer(script, thread + THREAD_HAS);

    for (int i = 0; held != 0 && held != mutex && i < MAX_MUTEXES; i++)
        held = script_pointer(script, held + MUTEX_NEXT);
    return held == mutex;
}

/* The rb_thread_t that is wanted; 0: none. The list ends where it began. */
static unsigned long find_thread(const struct script *script,
                                 wanted_thread *wanted, unsigned long argument)
{
    unsigned long vm = script_pointer(script, script->symbol[0]);
    unsigned long list =
        script_pointer(script, vm + VM_RACTOR) + RACTOR_THREADS;
    unsigned long thread = script_pointer(script, list);

    for (int i = 0; thread != 0 && thread != list && i < MAX_THREADS; i++) {
        if (script_pointer(script, thread + THREAD_VM) != vm)
            return 0;
        if (wanted(script, thread, argument))
            return thread;
        thread = script_pointer(script, thread);
    }
    return 0;
}

bool ruby_awaits(struct script *script, const struct scripted *thread,
                 struct awaited *awaited)
{
    unsigned long found =
        THREAD_WANTS != 0 && is_known(script)
            ? find_thread(script, has_tid, (unsigned long)thread->tid)
            : 0;
    unsigned long object = script_pointer(script, found + THREAD_WANTS);

    if (found == 0 || object == 0 ||
        TYPE(script_pointer(script, object)) != T_DATA ||
        script_pointer(script, object + TYPED) != 1)
        return false;
    unsigned long mutex = script_pointer(script, object + TYPED_DATA);
    unsigned long owner =
        mutex != 0 ? find_thread(script, has_mutex, mutex) : 0;
    *awaited = (struct awaited){
        .name = "a Mutex of Ruby",
        .owner = owner != 0
                     ? script_tid(script,
                                  script_pointer(script, owner + THREAD_NUMBER))
                     : 0};
    return true;
}

static char *string_at(const struct script *script, unsigned long string)
{
    unsigned long flags = script_pointer(script, string);

    if (TYPE(flags) != T_STRING)
        return NULL;
    if (!NOT_EMBEDDED(flags))
        return script_text(script, string + OBJECT_DATA, flags >> 14 & 0x1f);
    return script_text(script, script_pointer(script, string + STRING_TEXT),
                       script_pointer(script, string + STRING_LENGTH));
}

/* A path is a string, or an array of that and the real path. */
static char *path_at(const struct script *script, unsigned long object)
{
    unsigned long flags = script_pointer(script, object);

    if (TYPE(flags) != T_ARRAY)
        return string_at(script, object);
    unsigned long items = EMBEDDED(flags)
                              ? object + OBJECT_DATA
                              : script_pointer(script, object + ARRAY_ITEMS);
    return string_at(script, script_pointer(script, items));
}

/* ---- lines ---- */

/* The first instructions: nine counts of 7 bits in each word. Then blocks of
 * 512 bits, a set bit where an entry begins: the count before the block, counts
 * of 9 bits for its words but the first, and the words. */
enum { DIRECT_WORDS = 6, PER_WORD = 9, BLOCK_BITS = 512 };
#define BLOCK 80UL
enum { BLOCK_COUNTS = 8, BLOCK_WORDS = 16 };

/* How many entries of the table of lines begin at or before this instruction;
 * 0: it is not known. */
static unsigned long entries_before(const struct script *script,
                                    unsigned long index, unsigned long at)
{
    const unsigned long direct = (unsigned long)DIRECT_WORDS * PER_WORD;
    uint64_t word = 0, counts = 0;
    unsigned before = 0;

    if (at < direct) {
        if (!script_read(script, index + at / PER_WORD * 8, &word, 8))
            return 0;
        return word >> (at % PER_WORD * 7) & 0x7f;
    }
    unsigned long bit = (at - direct) % BLOCK_BITS;
    unsigned long block = index + DIRECT_WORDS * sizeof(word) +
                          (at - direct) / BLOCK_BITS * (unsigned long)BLOCK;
    if (!script_read(script, block, &before, sizeof(before)) ||
        !script_read(script, block + BLOCK_COUNTS, &counts, sizeof(counts)) ||
        !script_read(script, block + BLOCK_WORDS + bit / 64 * 8, &word,
                     sizeof(word)))
        return 0;
    if (bit / 64 > 0)
        before += (unsigned)(counts >> ((bit / 64 - 1) * 9) & 0x1ff);
    return before + (unsigned)__builtin_popcountll(word << (63 - bit % 64));
}

/* 0 where it is not known. */
static int line_of(const struct script *script, unsigned long frame,
                   unsigned long body)
{
    unsigned long pc = script_pointer(script, frame + FRAME_PC);
    unsigned long code = script_pointer(script, body + BODY_CODE);
    unsigned size = 0, count = 0;
    unsigned long entry = 1;
    int line = 0;

    if (!script_read(script, body + BODY_SIZE, &size, sizeof(size)) ||
        !script_read(script, body + BODY_LINES_COUNT, &count, sizeof(count)) ||
        pc < code || pc > code + size * 8UL || (pc - code) % 8 != 0)
        return 0;
    /* It is at the instruction after the one that it runs. */
    unsigned long at = (pc - code) / 8;
    if (count > 1)
        entry = entries_before(script,
                               script_pointer(script, body + BODY_LINES_INDEX),
                               at > 0 ? at - 1 : 0);
    if (entry == 0 || entry > count ||
        !script_read(script,
                     script_pointer(script, body + BODY_LINES) +
                         (entry - 1) * LINE_SIZE,
                     &line, sizeof(line)))
        return 0;
    return line > 0 ? line : 0;
}

/* ---- frames ---- */

/* False where it is none of a script: below those is one without a place. */
static bool read_frame(const struct script *script, unsigned long frame,
                       struct frame *result)
{
    unsigned long code = script_pointer(script, frame + FRAME_CODE);
    unsigned long body = script_pointer(script, code + CODE_BODY);
    unsigned long env = script_pointer(script, frame + FRAME_ENV);

    if (code == 0 || body == 0 || !IS_CODE(script_pointer(script, code)) ||
        (script_pointer(script, env) & OF_C) != 0)
        return false;
    *result = (struct frame){
        .function =
            string_at(script, script_pointer(script, body + BODY_LABEL)),
        .file = path_at(script, script_pointer(script, body + BODY_PATH)),
        .line = line_of(script, frame, body)};
    if (result->function != NULL && result->file != NULL && result->line > 0)
        return true;
    free(result->function);
    free(result->file);
    return false;
}

size_t ruby_frames(const struct script *script, const struct scripted *thread,
                   struct frame **frames)
{
    unsigned long found =
        thread->running || !is_known(script)
            ? 0
            : find_thread(script, has_tid, (unsigned long)thread->tid);
    unsigned long context = script_pointer(script, found + THREAD_CONTEXT);
    unsigned long stack = script_pointer(script, context + CONTEXT_STACK);
    unsigned long end =
        stack + script_pointer(script, context + CONTEXT_SIZE) * 8;
    unsigned long frame = script_pointer(script, context + CONTEXT_FRAME);
    size_t count = 0;

    if (found == 0 || stack == 0 || frame < stack)
        return 0;
    for (; frame < end && count < SCRIPT_FRAMES; frame += FRAME_SIZE) {
        struct frame one;
        if (!read_frame(script, frame, &one))
            continue;
        GROW(*frames, count);
        (*frames)[count++] = one;
    }
    return count;
}
