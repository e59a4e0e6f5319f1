/* SPDX-License-Identifier: MIT
 *
 * java: whose monitor a thread of HotSpot waits for, see script.h. Its library
 * describes its own structures, in gHotSpotVMStructs (vmStructs.hpp): a table
 * of types, fields and offsets, for debuggers. Nothing else is taken as known
 * but how an owner is written down (objectMonitor.hpp):
 *
 *   JDK 24 on    the number of the thread, _monitor_owner_id
 *   before       the JavaThread; while the thread has not been asked for more
 *                than that it holds the monitor, an address in its stack
 *   1            it is the one that has the object in its _lock_stack
 *
 * Where the owner is not among the threads, none is named.
 */
#define _GNU_SOURCE
#include <string.h>

#include "autopsy/script.h"

#define MAX_ENTRIES 4096
#define MAX_THREADS 4096

/* An entry of the table. */
struct entry {
    unsigned long type, field, text;
    int is_static, unused;
    unsigned long offset, address;
};

/* What is looked up there; the order is that of enum java_field. */
static const struct {
    const char *type, *field;
} wanted[JAVA_FIELDS] = {
    [JAVA_LIST] = {"ThreadsSMRSupport", "_java_thread_list"},
    [JAVA_LENGTH] = {"ThreadsList", "_length"},
    [JAVA_THREADS] = {"ThreadsList", "_threads"},
    [JAVA_PENDING] = {"JavaThread", "_current_pending_monitor"},
    [JAVA_OSTHREAD] = {"JavaThread", "_osthread"},
    [JAVA_STACK_BASE] = {"JavaThread", "_stack_base"},
    [JAVA_STACK_SIZE] = {"JavaThread", "_stack_size"},
    [JAVA_OWNER_ID] = {"JavaThread", "_monitor_owner_id"},
    [JAVA_TID] = {"OSThread", "_thread_id"},
    [JAVA_OWNER] = {"ObjectMonitor", "_owner"},
    [JAVA_OBJECT] = {"ObjectMonitor", "_object"},
    [JAVA_LOCK_STACK] = {"JavaThread", "_lock_stack"},
    [JAVA_TOP] = {"LockStack", "_top"},
    [JAVA_BASE] = {"LockStack", "_base[0]"},
};

static bool says(const struct script *script, unsigned long text,
                 const char *wanted_text)
{
    char found[64] = "";
    size_t size = strlen(wanted_text) + 1;

    return size <= sizeof(found) && script_read(script, text, found, size) &&
           memcmp(found, wanted_text, size) == 0;
}

static void note_entry(struct script *script, const struct entry *entry)
{
    struct java *java = &script->java;

    for (int i = 0; i < JAVA_FIELDS; i++) {
        bool thread = i == JAVA_OSTHREAD && says(script, entry->type, "Thread");
        if ((thread || says(script, entry->type, wanted[i].type)) &&
            says(script, entry->field, wanted[i].field)) {
            java->at[i] = entry->is_static ? entry->address : entry->offset;
            java->known[i] = true;
        }
    }
}

/* Reads the table, once. */
static void read_table(struct script *script)
{
    unsigned long table = script_pointer(script, script->symbol[0]);
    unsigned long stride = script_pointer(script, script->symbol[1]);
    unsigned long last = 0;
    bool ours = false;
    struct entry entry;

    script->java.looked = true;
    if (stride < sizeof(entry) || stride > 4 * sizeof(entry))
        return;
    for (int i = 0; i < MAX_ENTRIES; i++, table += stride) {
        if (!script_read(script, table, &entry, sizeof(entry)) ||
            entry.type == 0)
            break;
        /* Most entries are of the type of the one before. */
        if (entry.type != last)
            ours = says(script, entry.type, "JavaThread") ||
                   says(script, entry.type, "Thread") ||
                   says(script, entry.type, "OSThread") ||
                   says(script, entry.type, "ObjectMonitor") ||
                   says(script, entry.type, "LockStack") ||
                   says(script, entry.type, "ThreadsList") ||
                   says(script, entry.type, "ThreadsSMRSupport");
        last = entry.type;
        if (ours)
            note_entry(script, &entry);
    }
}

static bool knows(const struct java *java)
{
    for (int i = 0; i < JAVA_FIELDS; i++)
        if (!java->known[i] && i < JAVA_OBJECT && i != JAVA_OWNER_ID)
            return false;
    return true;
}

/* The kernel's number of a JavaThread; 0: it cannot be read. */
static pid_t tid_of(const struct script *script, unsigned long thread)
{
    const unsigned long *at = script->java.at;
    unsigned long os = script_pointer(script, thread + at[JAVA_OSTHREAD]);
    int tid = 0;

    return os != 0 && script_read(script, os + at[JAVA_TID], &tid, sizeof(tid))
               ? tid
               : 0;
}

#define ANONYMOUS 1UL  /* an owner that was not looked for yet */
#define LOCK_STACK 8UL /* objects at most */

/* Has the thread locked the object without a monitor? _top is the offset in the
 * JavaThread of the first place that is free. */
static bool has_locked(const struct script *script, unsigned long thread,
                       unsigned long object)
{
    const struct java *java = &script->java;
    unsigned long stack = java->at[JAVA_LOCK_STACK];
    unsigned long first = stack + java->at[JAVA_BASE];
    unsigned top = 0;

    if (object == 0 || !java->known[JAVA_LOCK_STACK] ||
        !java->known[JAVA_TOP] || !java->known[JAVA_BASE] ||
        !script_read(script, thread + stack + java->at[JAVA_TOP], &top,
                     sizeof(top)) ||
        top < first || top > first + LOCK_STACK * 8)
        return false;
    for (; first < top; first += 8)
        if (script_pointer(script, thread + first) == object)
            return true;
    return false;
}

/* The object of a monitor: _object is a handle. */
static unsigned long object_of(const struct script *script,
                               unsigned long monitor)
{
    unsigned long field = monitor + script->java.at[JAVA_OBJECT];

    return script->java.known[JAVA_OBJECT]
               ? script_pointer(script, script_pointer(script, field))
               : 0;
}

static bool is_owner(const struct script *script, unsigned long thread,
                     unsigned long monitor, unsigned long owner)
{
    const struct java *java = &script->java;

    if (owner == ANONYMOUS)
        return has_locked(script, thread, object_of(script, monitor));
    if (java->known[JAVA_OWNER_ID])
        return script_pointer(script, thread + java->at[JAVA_OWNER_ID]) ==
               owner;
    unsigned long base =
        script_pointer(script, thread + java->at[JAVA_STACK_BASE]);
    unsigned long size =
        script_pointer(script, thread + java->at[JAVA_STACK_SIZE]);
    return owner == thread || (owner < base && owner >= base - size);
}

bool java_awaits(struct script *script, const struct scripted *thread,
                 struct awaited *awaited)
{
    const unsigned long *at = script->java.at;
    int length = 0;

    if (!script->java.looked)
        read_table(script);
    if (!knows(&script->java))
        return false;
    unsigned long list = script_pointer(script, at[JAVA_LIST]);
    unsigned long owner = 0, monitor = 0;
    unsigned long threads = script_pointer(script, list + at[JAVA_THREADS]);
    if (!script_read(script, list + at[JAVA_LENGTH], &length, sizeof(length)))
        return false;
    for (int i = 0; owner == 0 && i < length && i < MAX_THREADS; i++) {
        unsigned long one = script_pointer(script, threads + (size_t)i * 8);
        monitor = script_pointer(script, one + at[JAVA_PENDING]);
        if (monitor == 0 || tid_of(script, one) != thread->tid)
            continue;
        owner = script_pointer(script, monitor + at[JAVA_OWNER]);
        *awaited = (struct awaited){.name = "the monitor of a Java object"};
        if (owner == 0)
            return true;
    }
    for (int i = 0; owner != 0 && i < length && i < MAX_THREADS; i++) {
        unsigned long one = script_pointer(script, threads + (size_t)i * 8);
        if (one != 0 && is_owner(script, one, monitor, owner))
            awaited->owner = tid_of(script, one);
    }
    return owner != 0;
}
