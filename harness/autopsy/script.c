/* SPDX-License-Identifier: MIT
 *
 * script: see script.h.
 */
#define _GNU_SOURCE
#include "autopsy/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "linux/libc.h"
#include "linux/remote.h"

#define MAX_TEXT 4096

bool script_read(const struct script *script, unsigned long address,
                 void *value, size_t size)
{
    return address != 0 && remote_read(script->pid, address, value, size);
}

unsigned long script_pointer(const struct script *script, unsigned long address)
{
    unsigned long value = 0;

    return script_read(script, address, &value, sizeof(value)) ? value : 0;
}

char *script_text(const struct script *script, unsigned long address,
                  size_t length)
{
    bool good = length > 0 && length <= MAX_TEXT;
    char *text = good ? xcalloc(length + 1, 1) : NULL;

    good = good && script_read(script, address, text, length);
    for (size_t i = 0; good && i < length; i++)
        good = (unsigned char)text[i] >= ' ' && text[i] != 0x7f;
    if (good)
        return text;
    free(text);
    return NULL;
}

static const size_t places[] = {GLIBC_TID_AT, MUSL_TID_AT};

pid_t script_tid(const struct script *script, unsigned long number)
{
    pid_t found = 0;

    return script_read(script, number + places[0], &found, sizeof(found))
               ? found
               : 0;
}

bool script_is_thread(const struct script *script, unsigned long number,
                      pid_t tid)
{
    pid_t found = 0;

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (script_read(script, number + places[i], &found, sizeof(found)) &&
            found == tid)
            return true;
    return false;
}

/* An interpreter is one in which both symbols are defined. */
struct interpreter {
    const char *language;
    const char *symbol[2];
    size_t (*frames)(const struct script *script, const struct scripted *thread,
                     struct frame **frames);
    bool (*awaits)(struct script *script, const struct scripted *thread,
                   struct awaited *awaited);
};

static const struct interpreter interpreters[] = {
    {"Python", {"_PyRuntime", "PyCode_Type"}, python_frames, NULL},
    {"PHP", {"executor_globals", "module_registry"}, php_frames, NULL},
    {"Ruby", {"ruby_current_vm_ptr", "ruby_version"}, ruby_frames, ruby_awaits},
    {"Java",
     {"gHotSpotVMStructs", "gHotSpotVMStructEntryArrayStride"},
     NULL,
     java_awaits},
};

void script_open(struct script *script, const struct image *image)
{
    *script = (struct script){.image = image, .pid = image->pid};
    for (size_t i = 0; i < sizeof(interpreters) / sizeof(interpreters[0]);
         i++) {
        script->symbol[0] = symbol_address(image, interpreters[i].symbol[0]);
        if (script->symbol[0] == 0)
            continue;
        script->symbol[1] = symbol_address(image, interpreters[i].symbol[1]);
        if (script->symbol[1] == 0)
            continue;
        script->interpreter = &interpreters[i];
        return;
    }
}

size_t script_frames(const struct script *script, const struct scripted *thread,
                     struct frame **frames)
{
    *frames = NULL;
    return sizeof(long) == 8 && script->interpreter &&
                   script->interpreter->frames
               ? script->interpreter->frames(script, thread, frames)
               : 0;
}

bool script_awaits(struct script *script, const struct scripted *thread,
                   struct awaited *awaited)
{
    *awaited = (struct awaited){0};
    return sizeof(long) == 8 && script->interpreter &&
           script->interpreter->awaits && !thread->running &&
           script->interpreter->awaits(script, thread, awaited);
}

const char *script_language(const struct script *script)
{
    return script->interpreter ? script->interpreter->language : NULL;
}

bool script_is_standard(const struct frame *frame)
{
    return frame->file == NULL || strstr(frame->file, "/lib/python3") != NULL ||
           strstr(frame->file, "/lib/ruby/") != NULL || frame->file[0] == '<';
}
