/* SPDX-License-Identifier: MIT
 *
 * php: where PHP is in its script, see script.h. The offsets are those of the
 * structures of these names in PHP 8.2 (Zend/zend_globals.h, zend_compile.h,
 * zend_types.h, zend_modules.h), on machines with 64 bits.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "autopsy/script.h"
#include "autopsy/unwind.h"
#include "base/memory.h"

#define API_8_2 20220829U
#define IS_PTR 13         /* a value that is a pointer */
#define CALL_CODE 0x10000 /* a frame of a file, not of a function */
#define CALL_TOP 0x20000  /* ... of the first one */
enum { INTERNAL_FUNCTION = 1, USER_FUNCTION = 2, EVAL_CODE = 4 };

/* zend_array, Bucket, zend_module_entry */
enum { ARRAY_DATA = 16, ARRAY_USED = 24, VALUE_TYPE = 8 };
enum { MODULE_API = 4, MODULE_DEBUG = 8, MODULE_ZTS = 9 };
/* zend_executor_globals, zend_execute_data */
enum { CURRENT_FRAME = 488 };
enum {
    FRAME_OPLINE = 0,
    FRAME_FUNCTION = 24,
    FRAME_INFO = 40,
    FRAME_BACK = 48
};
/* zend_function: an op_array, of which an internal function has the start */
enum { FUNCTION_TYPE = 0, FUNCTION_NAME = 8, FUNCTION_CLASS = 16 };
enum { CODE_COUNT = 80, CODE_OPS = 88, CODE_FILE = 152 };
/* zend_op, zend_class_entry, zend_string */
enum { OP_LINE = 24, OP_SIZE = 32, CLASS_NAME = 8 };
enum { STRING_LENGTH = 16, STRING_TEXT = 24 };

/* Is it PHP 8.2, without threads? Its first module says for which version it
 * was made. */
static bool is_known(const struct script *script)
{
    unsigned long modules = script->symbol[1];
    unsigned long first = script_pointer(script, modules + ARRAY_DATA);
    unsigned long module = script_pointer(script, first);
    unsigned used = 0, api = 0;
    unsigned char type = 0, flags[2] = {1, 1};

    return script_read(script, modules + ARRAY_USED, &used, sizeof(used)) &&
           used > 0 && script_read(script, first + VALUE_TYPE, &type, 1) &&
           type == IS_PTR &&
           script_read(script, module + MODULE_API, &api, sizeof(api)) &&
           api == API_8_2 &&
           script_read(script, module + MODULE_DEBUG, flags, sizeof(flags)) &&
           flags[0] == 0 && flags[1] == 0;
}

static char *string_at(const struct script *script, unsigned long string)
{
    unsigned long length = script_pointer(script, string + STRING_LENGTH);

    return string ? script_text(script, string + STRING_TEXT, length) : NULL;
}

/* "Queue::take", "flock"; NULL where it has no name. */
static char *name_of(const struct script *script, unsigned long function)
{
    unsigned long class = script_pointer(script, function + FUNCTION_CLASS);
    char *name =
        string_at(script, script_pointer(script, function + FUNCTION_NAME));
    char *of =
        class ? string_at(script, script_pointer(script, class + CLASS_NAME))
              : NULL;
    char *both = name && of ? xasprintf("%s::%s", of, name) : NULL;

    free(of);
    if (both == NULL)
        return name;
    free(name);
    return both;
}

/* What a frame without a name is, as in PHP's own traces; NULL: not known. */
static char *name_of_code(const struct script *script, unsigned long frame,
                          unsigned char type)
{
    unsigned info = 0;

    if (!script_read(script, frame + FRAME_INFO, &info, sizeof(info)) ||
        !(info & CALL_CODE))
        return NULL;
    return xstrdup(type == EVAL_CODE ? "eval"
                   : info & CALL_TOP ? "{main}"
                                     : "include");
}

/* The line of the operation that the frame is at; 0: it is not known. */
static int line_of(const struct script *script, unsigned long frame,
                   unsigned long function)
{
    unsigned long op = script_pointer(script, frame + FRAME_OPLINE);
    unsigned long ops = script_pointer(script, function + CODE_OPS);
    unsigned count = 0;
    int line = 0;

    if (!script_read(script, function + CODE_COUNT, &count, sizeof(count)) ||
        op < ops || op - ops >= (unsigned long)count * OP_SIZE ||
        (op - ops) % OP_SIZE != 0 ||
        !script_read(script, op + OP_LINE, &line, sizeof(line)))
        return 0;
    return line > 0 ? line : 0;
}

/* False where it does not look like a frame. */
static bool read_frame(const struct script *script, unsigned long frame,
                       struct frame *result)
{
    unsigned long function = script_pointer(script, frame + FRAME_FUNCTION);
    unsigned char type = 0;

    *result = (struct frame){0};
    if (!script_read(script, function + FUNCTION_TYPE, &type, 1) ||
        (type != INTERNAL_FUNCTION && type != USER_FUNCTION &&
         type != EVAL_CODE))
        return false;
    result->function = name_of(script, function);
    if (result->function == NULL && type != INTERNAL_FUNCTION)
        result->function = name_of_code(script, frame, type);
    if (type == INTERNAL_FUNCTION)
        return result->function != NULL;
    result->file =
        string_at(script, script_pointer(script, function + CODE_FILE));
    result->line = line_of(script, frame, function);
    return result->file != NULL;
}

size_t php_frames(const struct script *script, const struct scripted *thread,
                  struct frame **frames)
{
    size_t count = 0;

    if (!thread->main || thread->running || !is_known(script))
        return 0;
    unsigned long frame =
        script_pointer(script, script->symbol[0] + CURRENT_FRAME);
    while (frame != 0 && count < SCRIPT_FRAMES) {
        struct frame one;
        bool good = read_frame(script, frame, &one);
        GROW(*frames, count);
        (*frames)[count++] = one;
        if (!good) {
            frames_free(*frames, count);
            *frames = NULL;
            return 0;
        }
        frame = script_pointer(script, frame + FRAME_BACK);
    }
    return count;
}
