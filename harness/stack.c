/* SPDX-License-Identifier: MIT
 *
 * stack: see stack.h. elfutils' libdwfl(3) does the unwinding; what it asks for
 * is answered from outside: registers from /proc/TID/syscall, memory by
 * process_vm_readv(2).
 */
#define _GNU_SOURCE
#include "stack.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FRAMES 64

struct stack {
    Dwfl *dwfl;
    pid_t pid, tid;
    unsigned long sp, pc, fp;
    bool have_fp;
    struct frame *frames;          /* while unwinding */
    unsigned long at[MOST_FRAMES]; /* their addresses */
    size_t count;
};

/* ---- memory ---- */

static bool read_by_file(pid_t pid, unsigned long address, void *bytes,
                         size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return false;
    ssize_t got = pread(fd, bytes, size, (off_t)address);
    close(fd);
    return got == (ssize_t)size;
}

bool stack_memory(pid_t pid, unsigned long address, void *bytes, size_t size)
{
    struct iovec here = {.iov_base = bytes, .iov_len = size};
    struct iovec there = {.iov_base = (void *)address, .iov_len = size};

    if (process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)size)
        return true;
    return (errno == EPERM || errno == ENOSYS) &&
           read_by_file(pid, address, bytes, size);
}

/* ---- modules ---- */

/* Separate debug files are never looked for: they only explain the inside of
 * libraries, and cost 60 ms. */
static int no_debug_file(Dwfl_Module *module, void **user, const char *name,
                         Dwarf_Addr base, const char *file, const char *link,
                         GElf_Word crc, char **found)
{
    (void)module, (void)user, (void)name, (void)base;
    (void)file, (void)link, (void)crc, (void)found;
    return -1;
}

/* The file of a module as the process sees it; ours may be another one. */
static int find_elf(Dwfl_Module *module, void **user, const char *name,
                    Dwarf_Addr base, char **file, Elf **elf)
{
    int fd = dwfl_linux_proc_find_elf(module, user, name, base, file, elf);

    return fd;
}

struct stack *stack_open(pid_t pid)
{
    static const Dwfl_Callbacks callbacks = {
        .find_elf = find_elf,
        .find_debuginfo = no_debug_file,
    };
    struct stack *stack = xcalloc(1, sizeof(*stack));

    stack->pid = pid;
    stack->dwfl = dwfl_begin(&callbacks);
    if (stack->dwfl != NULL && dwfl_linux_proc_report(stack->dwfl, pid) == 0 &&
        dwfl_report_end(stack->dwfl, NULL, NULL) == 0)
        return stack;
    stack_close(stack);
    return NULL;
}

void stack_close(struct stack *stack)
{
    if (stack->dwfl != NULL)
        dwfl_end(stack->dwfl);
    free(stack);
}

/* ---- unwinding ---- */

static pid_t only_thread(Dwfl *dwfl, void *argument, void **thread)
{
    struct stack *stack = argument;

    (void)dwfl;
    if (*thread != NULL)
        return 0;
    *thread = stack;
    return stack->tid;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word,
                      void *argument)
{
    const struct stack *stack = argument;
    unsigned long value;

    (void)dwfl;
    if (!stack_memory(stack->pid, address, &value, sizeof(value)))
        return false;
    *word = value;
    return true;
}

/* Registers by their DWARF numbers: x86-64 has RBP 6 and RSP 7, aarch64 has FP
 * 29 and SP 31. All others are unknown, and rarely needed. */
static bool set_registers(Dwfl_Thread *thread, void *argument)
{
    const struct stack *stack = argument;
    Dwarf_Word sp = stack->sp, fp = stack->fp;

    dwfl_thread_state_register_pc(thread, stack->pc);
#if defined(__aarch64__)
    return dwfl_thread_state_registers(thread, 31, 1, &sp) &&
           (!stack->have_fp || dwfl_thread_state_registers(thread, 29, 1, &fp));
#else
    return dwfl_thread_state_registers(thread, 7, 1, &sp) &&
           (!stack->have_fp || dwfl_thread_state_registers(thread, 6, 1, &fp));
#endif
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
    .next_thread = only_thread,
    .memory_read = read_word,
    .set_initial_registers = set_registers,
};

/* Of several names for one place the one that a programmer writes: without
 * leading underscores, then the shortest. */
static bool better_name(const char *name, const char *than)
{
    if (than == NULL)
        return true;
    if ((name[0] == '_') != (than[0] == '_'))
        return than[0] == '_';
    return strlen(name) < strlen(than);
}

/* The best symbol whose extent holds the address. */
static const char *symbol_at(Dwfl_Module *module, Dwarf_Addr pc, bool objects,
                             GElf_Addr *start)
{
    int count = dwfl_module_getsymtab(module);
    const char *best = NULL;

    for (int i = 1; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr value;
        const char *name = dwfl_module_getsym_info(module, i, &symbol, &value,
                                                   NULL, NULL, NULL);
        int type = GELF_ST_TYPE(symbol.st_info);
        bool wanted = objects ? type == STT_OBJECT
                              : type == STT_FUNC || type == STT_GNU_IFUNC;
        if (name == NULL || !wanted || pc < value ||
            pc >= value + symbol.st_size || !better_name(name, best))
            continue;
        best = name;
        *start = value;
    }
    return best;
}

static bool system_library(const char *path)
{
    static const char *const folders[] = {"/lib/", "/lib64/", "/usr/lib/",
                                          "/usr/lib64/", "[vdso"};

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            return true;
    return false;
}

/* The compilation unit of an address. Not every compiler writes the table of
 * address ranges that libdw looks into first (clang does not): then all units
 * are asked. */
static Dwarf_Die *unit_at(Dwfl_Module *module, Dwarf_Addr where,
                          Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(module, where, bias);

    if (unit != NULL)
        return unit;
    while ((unit = dwfl_module_nextcu(module, unit, bias)) != NULL)
        if (dwarf_haspc(unit, where - *bias) == 1)
            return unit;
    return NULL;
}

/* "labs/x.c" for "/home/me/forklab/labs/x.c" that was compiled in
 * /home/me/forklab. */
static char *source_name(Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute attribute;
    const char *folder =
        dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    size_t length = folder ? strlen(folder) : 0;

    if (length > 0 && strncmp(file, folder, length) == 0 && file[length] == '/')
        file += length + 1;
    return xstrdup(strncmp(file, "./", 2) == 0 ? file + 2 : file);
}

static void find_source(Dwfl_Module *module, Dwarf_Addr where,
                        struct frame *frame)
{
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = unit_at(module, where, &bias);
    Dwarf_Line *line = unit ? dwarf_getsrc_die(unit, where - bias) : NULL;
    const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;

    if (file == NULL)
        return;
    dwarf_lineno(line, &frame->line);
    frame->file = source_name(unit, file);
}

/* In a static program libc's code is in the same file: it has no line numbers
 * where the program's own code has some. */
static bool is_program(Dwfl_Module *module, const struct frame *frame)
{
    const char *path = NULL;
    Dwarf_Addr bias;

    dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &path, NULL);
    if (path == NULL || system_library(path))
        return false;
    return frame->file != NULL || dwfl_module_getdwarf(module, &bias) == NULL;
}

static bool add_frame(struct stack *stack, Dwarf_Addr pc, bool exact)
{
    Dwarf_Addr where = exact ? pc : pc - 1;
    Dwfl_Module *module = dwfl_addrmodule(stack->dwfl, where);
    struct frame *frame = &stack->frames[stack->count];
    GElf_Addr start;

    stack->at[stack->count++] = pc;

    *frame = (struct frame){0};
    if (module != NULL) {
        const char *name = symbol_at(module, where, false, &start);
        frame->function = name ? xstrdup(name) : NULL;
        find_source(module, where, frame);
        frame->in_program = is_program(module, frame);
    }
    return stack->count < MOST_FRAMES;
}

static int on_frame(Dwfl_Frame *state, void *argument)
{
    Dwarf_Addr pc;
    bool exact;

    if (!dwfl_frame_pc(state, &pc, &exact) || pc == 0)
        return DWARF_CB_ABORT;
    return add_frame(argument, pc, exact) ? DWARF_CB_OK : DWARF_CB_ABORT;
}

void frames_free(struct frame *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(frames[i].function);
        free(frames[i].file);
    }
    free(frames);
}

/* Did the unwinding come to a place where threads begin? */
static bool complete(const struct stack *stack)
{
    for (size_t i = stack->count; i > 0; i--) {
        const char *name = stack->frames[i - 1].function;
        if (name != NULL &&
            (strcmp(name, "main") == 0 || strcmp(name, "_start") == 0 ||
             strcmp(name, "clone") == 0 || strcmp(name, "clone3") == 0))
            return true;
    }
    return false;
}

static void unwind(struct stack *stack)
{
    frames_free(stack->frames, stack->count);
    stack->frames = xcalloc(MOST_FRAMES, sizeof(struct frame));
    stack->count = 0;
    dwfl_getthread_frames(stack->dwfl, stack->tid, on_frame, stack);
}

/* ---- guessing what /proc does not tell ---- */

#define SCANNED 512 /* words of the stack */
#define MOST_GUESSES 24

static bool has_program_frame(const struct stack *stack)
{
    for (size_t i = 0; i < stack->count; i++)
        if (stack->frames[i].in_program)
            return true;
    return false;
}

/* How many words above SP could be read into words. */
static size_t read_stack(const struct stack *stack, unsigned long *words)
{
    for (size_t count = SCANNED; count >= 16; count /= 2)
        if (stack_memory(stack->pid, stack->sp, words, count * sizeof(*words)))
            return count;
    return 0;
}

/* Code that was compiled with frame pointers finds its caller by RBP, which is
 * not in /proc. Each frame has saved its caller's: a word that points upwards
 * into the stack, to a pair of such a word and a return address. With the right
 * one the unwinding comes to main. */
static void guess_frame_pointer(struct stack *stack)
{
    unsigned long words[SCANNED];
    size_t count = read_stack(stack, words);
    int guesses = 0;

    for (size_t i = 0; i < count && guesses < MOST_GUESSES; i++) {
        unsigned long at = stack->sp + i * sizeof(words[0]);
        size_t next = (words[i] - stack->sp) / sizeof(words[0]) + 1;
        if (words[i] <= at || words[i] % sizeof(words[0]) != 0 ||
            words[i] < stack->sp || next >= count ||
            dwfl_addrmodule(stack->dwfl, words[next]) == NULL)
            continue;
        guesses++;
        stack->fp = words[i];
        stack->have_fp = true;
        unwind(stack);
        if (complete(stack))
            return;
    }
}

/* Is this a place behind a call instruction, in the program's own code? On
 * x86-64 a near call has 5 bytes (E8), or 2 to 7 (FF /2). */
static bool returns_here(const struct stack *stack, unsigned long address)
{
    unsigned char before[7];
    GElf_Addr start;
    Dwfl_Module *module = dwfl_addrmodule(stack->dwfl, address);
    const char *path = NULL;

    if (module == NULL ||
        !stack_memory(stack->pid, address - 7, before, sizeof(before)))
        return false;
    dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &path, NULL);
    if (path == NULL || system_library(path) ||
        symbol_at(module, address - 1, false, &start) == NULL)
        return false;
    return before[2] == 0xe8 || before[1] == 0xff || before[4] == 0xff ||
           before[5] == 0xff;
}

/* Where a library has no unwind information (musl), the program's own frames
 * are found by their return addresses on the stack. */
static void scan_for_frames(struct stack *stack)
{
    unsigned long words[SCANNED];
    size_t count = read_stack(stack, words);

    for (size_t i = 0; i < count && stack->count < MOST_FRAMES; i++)
        if (returns_here(stack, words[i]))
            add_frame(stack, words[i], false);
}

/* ---- what the program called ---- */

#if defined(__x86_64__)
/* Where a jump through memory leads: FF 25 or FF 15, relative to RIP. */
static unsigned long through_slot(const struct stack *stack, unsigned long next,
                                  const unsigned char *code)
{
    unsigned long target = 0;
    int offset;

    memcpy(&offset, code + 2, sizeof(offset));
    stack_memory(stack->pid, next + (unsigned long)(long)offset, &target,
                 sizeof(target));
    return target;
}

/* A call into a library goes through a stub: [endbr64] [bnd] jmp *slot. */
static unsigned long behind_stub(const struct stack *stack,
                                 unsigned long address)
{
    unsigned char code[12];
    size_t at = 0;

    if (!stack_memory(stack->pid, address, code, sizeof(code)))
        return address;
    if (memcmp(code, "\xf3\x0f\x1e\xfa", 4) == 0)
        at = 4;
    if (code[at] == 0xf2)
        at++;
    return code[at] == 0xff && code[at + 1] == 0x25
               ? through_slot(stack, address + at + 6, code + at)
               : address;
}

/* The function that the call before a return address names, 0 if it names none:
 * E8 relative, or FF 15 through a slot. */
static unsigned long called_from(const struct stack *stack,
                                 unsigned long return_address)
{
    unsigned char code[6];
    int offset;

    if (!stack_memory(stack->pid, return_address - 6, code, sizeof(code)))
        return 0;
    if (code[0] == 0xff && code[1] == 0x15)
        return through_slot(stack, return_address, code);
    if (code[1] != 0xe8)
        return 0;
    memcpy(&offset, code + 2, sizeof(offset));
    return behind_stub(stack, return_address + (unsigned long)(long)offset);
}
#else
static unsigned long called_from(const struct stack *stack,
                                 unsigned long return_address)
{
    (void)stack, (void)return_address;
    return 0;
}
#endif

static const char *plain_name(const char *name);

/* localtime_r jumps into another function, and leaves no frame behind: what the
 * program called stands in its own code. A frame with that name is put in, if
 * the stack has not got it. */
static void add_called_function(struct stack *stack)
{
    size_t program = 0;
    GElf_Addr start;

    while (program < stack->count && !stack->frames[program].in_program)
        program++;
    if (program == stack->count || stack->count == MOST_FRAMES ||
        (program == 0 && stack->at[0] == stack->pc))
        return;
    unsigned long address = called_from(stack, stack->at[program]);
    Dwfl_Module *module =
        address ? dwfl_addrmodule(stack->dwfl, address) : NULL;
    const char *name =
        module ? symbol_at(module, address, false, &start) : NULL;
    const char *have = program > 0 ? stack->frames[program - 1].function : NULL;
    if (name == NULL ||
        (have != NULL && strcmp(plain_name(have), plain_name(name)) == 0))
        return;
    memmove(stack->frames + program + 1, stack->frames + program,
            (stack->count - program) * sizeof(struct frame));
    stack->frames[program] = (struct frame){.function = xstrdup(name)};
    stack->count++;
}

size_t stack_frames(struct stack *stack, pid_t tid, unsigned long sp,
                    unsigned long pc, struct frame **frames)
{
    stack->tid = tid;
    stack->sp = sp;
    stack->pc = pc;
    stack->have_fp = false;
    /* Fails the second time, when the state is attached already. */
    dwfl_attach_state(stack->dwfl, NULL, stack->pid, &thread_callbacks, stack);
    unwind(stack);
    if (!complete(stack))
        guess_frame_pointer(stack);
    if (!has_program_frame(stack)) {
        stack->have_fp = false;
        unwind(stack);
    }
    if (!has_program_frame(stack))
        scan_for_frames(stack);
    add_called_function(stack);
    *frames = stack->frames;
    size_t count = stack->count;
    stack->frames = NULL;
    stack->count = 0;
    return count;
}

/* ---- names ---- */

/* "___pthread_mutex_lock" is pthread_mutex_lock, "__GI_raise" is raise. */
static const char *plain_name(const char *name)
{
    if (strncmp(name, "__GI_", 5) == 0)
        name += 5;
    while (*name == '_')
        name++;
    return name;
}

const struct frame *stack_program_frame(const struct frame *frames,
                                        size_t count, const char **library)
{
    *library = NULL;
    for (size_t i = 0; i < count; i++) {
        if (frames[i].in_program)
            return &frames[i];
        if (frames[i].function != NULL)
            *library = plain_name(frames[i].function);
    }
    return NULL;
}

/* The type without names and qualifiers around it, but not behind a typedef of
 * the pthread family: those are what a student has written. */
static bool lock_type(const char *name)
{
    static const char *const types[] = {"pthread_mutex_t",
                                        "pthread_cond_t",
                                        "pthread_rwlock_t",
                                        "pthread_barrier_t",
                                        "sem_t",
                                        "mtx_t",
                                        "cnd_t"};

    for (size_t i = 0; name != NULL && i < sizeof(types) / sizeof(types[0]);
         i++)
        if (strcmp(name, types[i]) == 0)
            return true;
    return false;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;

    return dwarf_attr_integrate(die, DW_AT_type, &attribute) != NULL &&
           dwarf_formref_die(&attribute, type) != NULL;
}

/* The member of a struct that holds the offset, which becomes relative to it.
 */
static bool member_at(Dwarf_Die *type, Dwarf_Word *offset, Dwarf_Die *member)
{
    if (dwarf_child(type, member) != 0)
        return false;
    do {
        Dwarf_Attribute attribute;
        Dwarf_Word start = 0, size = 0;
        Dwarf_Die member_type;
        if (dwarf_tag(member) != DW_TAG_member ||
            !type_of(member, &member_type))
            continue;
        if (dwarf_attr(member, DW_AT_data_member_location, &attribute) != NULL)
            dwarf_formudata(&attribute, &start);
        if (dwarf_aggregate_size(&member_type, &size) == 0 &&
            *offset >= start && *offset < start + size) {
            *offset -= start;
            return true;
        }
    } while (dwarf_siblingof(member, member) == 0);
    return false;
}

/* Goes from a variable's type down to the lock at the offset, and writes the
 * way: ".lock", "[2]". *name gets the name of the lock's type. */
static void descend(Dwarf_Die type, Dwarf_Word offset, char *way, size_t size,
                    const char **name)
{
    for (int depth = 0; depth < 16; depth++) {
        Dwarf_Die inner;
        Dwarf_Word element;
        size_t used = strlen(way);
        if (lock_type(dwarf_diename(&type))) {
            *name = dwarf_diename(&type);
            return;
        }
        switch (dwarf_tag(&type)) {
        case DW_TAG_structure_type:
        case DW_TAG_union_type:
            if (!member_at(&type, &offset, &inner))
                return;
            if (dwarf_diename(&inner) != NULL)
                snprintf(way + used, size - used, ".%s", dwarf_diename(&inner));
            type = inner;
            break;
        case DW_TAG_array_type:
            if (!type_of(&type, &inner) ||
                dwarf_aggregate_size(&inner, &element) != 0 || element == 0)
                return;
            snprintf(way + used, size - used, "[%lu]", offset / element);
            offset %= element;
            type = inner;
            continue;
        default:
            break;
        }
        if (!type_of(&type, &inner))
            return;
        type = inner;
    }
}

/* The debug entry of a global or static variable, by its name and address. */
static bool variable_die(Dwfl_Module *module, const char *name,
                         Dwarf_Die *found)
{
    Dwarf_Addr bias;
    Dwarf_Die *unit = NULL;

    while ((unit = dwfl_module_nextcu(module, unit, &bias)) != NULL) {
        Dwarf_Die die;
        if (dwarf_child(unit, &die) != 0)
            continue;
        do {
            if (dwarf_tag(&die) == DW_TAG_variable &&
                dwarf_diename(&die) != NULL &&
                strcmp(dwarf_diename(&die), name) == 0) {
                *found = die;
                return true;
            }
        } while (dwarf_siblingof(&die, &die) == 0);
    }
    return false;
}

char *stack_variable(struct stack *stack, unsigned long address, char **type)
{
    Dwfl_Module *module = dwfl_addrmodule(stack->dwfl, address);
    const char *path = NULL, *lock = NULL;
    char way[256] = "";
    GElf_Addr start;
    Dwarf_Die die, of;

    *type = NULL;
    if (module == NULL)
        return NULL;
    dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &path, NULL);
    const char *name = symbol_at(module, address, true, &start);
    if (name == NULL || path == NULL || system_library(path))
        return NULL;
    if (variable_die(module, name, &die) && type_of(&die, &of))
        descend(of, address - start, way, sizeof(way), &lock);
    *type = lock ? xstrdup(lock) : NULL;
    /* Without a lock's type the way leads into the inside of one. */
    return xasprintf("%s%s", name, lock ? way : "");
}
